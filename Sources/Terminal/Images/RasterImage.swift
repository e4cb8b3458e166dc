/// A picture ready to be shown: 8-bit RGB, row by row.
public struct RasterImage: Equatable, Sendable {
    public let width: Int
    public let height: Int
    /// `3 × width × height` bytes: red, green, blue of every pixel from the top left.
    public private(set) var pixels: [UInt8]

    /// - Throws: `TerminalError` when the sizes are not positive or the bytes are not `3 × width × height`.
    public init(width: Int, height: Int, pixels: [UInt8]) throws {
        guard width > 0, height > 0, pixels.count == 3 * width * height else {
            throw TerminalError("A picture of \(width)×\(height) pixels cannot hold \(pixels.count) bytes; it takes 3 for every pixel.")
        }
        self.init(unchecked: width, height, pixels)
    }

    /// A picture of one colour; sizes below 1 count as 1.
    public init(width: Int, height: Int, red: UInt8, green: UInt8, blue: UInt8) {
        let size = (max(1, width), max(1, height))
        self.init(
            unchecked: size.0, size.1,
            [UInt8](unsafeUninitializedCapacity: 3 * size.0 * size.1) { bytes, count in
                count = 3 * size.0 * size.1
                for index in 0..<count { bytes[index] = index % 3 == 0 ? red : index % 3 == 1 ? green : blue }
            })
    }

    init(unchecked width: Int, _ height: Int, _ pixels: [UInt8]) {
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The colour of a pixel inside the picture.
    public func color(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
        let index = 3 * (y * width + x)
        return (pixels[index], pixels[index + 1], pixels[index + 2])
    }

    /// Draws another picture over this one, clipped at the edges.
    public mutating func draw(_ other: RasterImage, x: Int, y: Int) {
        let columns = max(0, x)..<max(0, x, min(width, x + other.width))
        for row in max(0, y)..<max(0, y, min(height, y + other.height)) where !columns.isEmpty {
            let source = 3 * ((row - y) * other.width + columns.lowerBound - x)
            let target = 3 * (row * width + columns.lowerBound)
            let count = 3 * columns.count
            pixels.replaceSubrange(target..<target + count, with: other.pixels[source..<source + count])
        }
    }
}
