/// A picture whose pixels are entries of a palette.
struct IndexedImage {
    let width: Int
    let height: Int
    /// One byte per pixel, row by row.
    let entries: [UInt8]

    /// Draws every pixel in the palette's nearest colour.
    init(nearest image: RasterImage, _ palette: SixelPalette) {
        self.init(image) { pixels, entries in
            for index in 0..<entries.count {
                let red = Int32(pixels[3 * index])
                let green = Int32(pixels[3 * index + 1])
                let blue = Int32(pixels[3 * index + 2])
                entries[index] = UInt8(truncatingIfNeeded: palette.entry(red: red, green: green, blue: blue))
            }
        }
    }

    /// Draws a picture with what each pixel's colour lacks handed on to its neighbours, by Floyd and Steinberg's method.
    init(dithered image: RasterImage, _ palette: SixelPalette) {
        let width = image.width
        self.init(image) { pixels, entries in
            // What has been handed on to the row in hand and to the one below, for each channel, with one pixel more at both ends.
            var current = [Int32](repeating: 0, count: 3 * (width + 2))
            var below = current
            for row in 0..<image.height {
                current.withUnsafeMutableBufferPointer { current in
                    below.withUnsafeMutableBufferPointer { below in
                        below.update(repeating: 0)
                        for column in 0..<width {
                            let index = row * width + column
                            let here = 3 * (column + 1)
                            let red = Self.inRange(Int32(pixels[3 * index]) &+ current[here])
                            let green = Self.inRange(Int32(pixels[3 * index + 1]) &+ current[here + 1])
                            let blue = Self.inRange(Int32(pixels[3 * index + 2]) &+ current[here + 2])
                            let entry = palette.entry(red: red, green: green, blue: blue)
                            entries[index] = UInt8(truncatingIfNeeded: entry)
                            Self.handOn(red &- palette.channels[3 * entry], current, below, here)
                            Self.handOn(green &- palette.channels[3 * entry + 1], current, below, here + 1)
                            Self.handOn(blue &- palette.channels[3 * entry + 2], current, below, here + 2)
                        }
                    }
                }
                swap(&current, &below)
            }
        }
    }

    /// The picture with every pixel drawn as a square of four, cut to a size.
    func doubled(width newWidth: Int, height newHeight: Int) -> IndexedImage {
        let rows = (0..<newHeight).map { row in (0..<newWidth).map { entries[row / 2 * width + $0 / 2] } }
        return IndexedImage(width: newWidth, height: newHeight, entries: Array(rows.joined()))
    }

    @inline(__always) private static func inRange(_ value: Int32) -> Int32 { value < 0 ? 0 : value > 255 ? 255 : value }

    /// Rounded towards zero: a difference too small to see dies out instead of speckling flat areas, which would cost many bytes.
    @inline(__always) private static func handOn(
        _ lack: Int32, _ current: UnsafeMutableBufferPointer<Int32>, _ below: UnsafeMutableBufferPointer<Int32>, _ here: Int
    ) {
        current[here + 3] &+= lack &* 7 / 16
        below[here - 3] &+= lack &* 3 / 16
        below[here] &+= lack &* 5 / 16
        below[here + 3] &+= lack / 16
    }

    private init(width: Int, height: Int, entries: [UInt8]) {
        self.width = width
        self.height = height
        self.entries = entries
    }

    private init(_ image: RasterImage, fill: (UnsafeBufferPointer<UInt8>, UnsafeMutableBufferPointer<UInt8>) -> Void) {
        width = image.width
        height = image.height
        let count = image.width * image.height
        entries = [UInt8](unsafeUninitializedCapacity: count) { entries, initialized in
            image.pixels.withUnsafeBufferPointer { fill($0, UnsafeMutableBufferPointer(rebasing: entries[..<count])) }
            initialized = count
        }
    }
}
