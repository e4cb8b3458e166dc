import Pictures

/// White paper for pictures and black letters; what goes over its edge is cut off.
struct Page {
    private let width, height: Int
    private var pixels: [UInt8]

    /// - Throws: `PictureError.badSize` when it would be larger than pictures may be.
    init(width: Int, height: Int) throws {
        guard width <= PictureLimits.side, height <= PictureLimits.side, width * height <= PictureLimits.area else {
            throw PictureError.badSize(width: width, height: height)
        }
        self.width = width
        self.height = height
        pixels = [UInt8](repeating: 255, count: width * height * 3)
    }

    func picture() throws -> Picture { try Picture(width: width, height: height, pixels: pixels) }

    /// Puts a picture with its top left at a point.
    mutating func draw(_ picture: Picture, x: Int, y: Int) {
        let columns = min(picture.width, width - x)
        for row in 0..<picture.height where columns > 0 && y + row < height {
            let (from, to) = (row * picture.width * 3, ((y + row) * width + x) * 3)
            pixels.replaceSubrange(to..<to + columns * 3, with: picture.pixels[from..<from + columns * 3])
        }
    }

    /// Writes a line with its top left at a point; a line that is wider than `width` ends in two full stops.
    /// - Parameter scale: how many pixels one point of a letter has.
    mutating func write(_ text: String, x: Int, y: Int, width: Int, scale: Int) {
        let room = max(0, width / (BitmapFont.advance * scale))
        let line = text.count <= room ? text : text.prefix(max(0, room - 2)) + ".."
        for (place, character) in line.enumerated() {
            for column in 0..<BitmapFont.advance {
                for row in 0..<BitmapFont.height where BitmapFont.hasInk(character, column: column, row: row) {
                    fill(x: x + (place * BitmapFont.advance + column) * scale, y: y + row * scale, side: scale)
                }
            }
        }
    }

    private mutating func fill(x: Int, y: Int, side: Int) {
        for row in y..<y + side where row < height {
            for column in x..<x + side where column < width {
                let place = (row * width + column) * 3
                for sample in place..<place + 3 { pixels[sample] = 0 }
            }
        }
    }
}
