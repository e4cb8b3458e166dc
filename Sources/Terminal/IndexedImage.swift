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
            // What has been handed on to the row in hand and the one below; one pixel more at both ends.
            var current = [SIMD4<Int32>](repeating: .zero, count: width + 2)
            var next = current
            let range = (low: SIMD4<Int32>.zero, high: SIMD4<Int32>(repeating: 255))
            palette.colors.withUnsafeBufferPointer { colors in
                for row in 0..<image.height {
                    current.withUnsafeMutableBufferPointer { current in
                        next.withUnsafeMutableBufferPointer { next in
                            next.update(repeating: .zero)
                            for column in 0..<width {
                                let index = row * width + column
                                let pixel = SIMD4(
                                    Int32(pixels[3 * index]), Int32(pixels[3 * index + 1]), Int32(pixels[3 * index + 2]), 0)
                                let wanted = (pixel &+ current[column + 1]).clamped(lowerBound: range.low, upperBound: range.high)
                                let entry = palette.entry(red: wanted[0], green: wanted[1], blue: wanted[2])
                                entries[index] = UInt8(truncatingIfNeeded: entry)
                                let lack = wanted &- colors[entry]
                                current[column + 2] &+= Self.sixteenths(7, of: lack)
                                next[column] &+= Self.sixteenths(3, of: lack)
                                next[column + 1] &+= Self.sixteenths(5, of: lack)
                                next[column + 2] &+= Self.sixteenths(1, of: lack)
                            }
                        }
                    }
                    swap(&current, &next)
                }
            }
        }
    }

    /// Rounded towards zero: a difference too small to see dies out instead of speckling flat areas, which would cost many bytes.
    @inline(__always) private static func sixteenths(_ count: Int32, of lack: SIMD4<Int32>) -> SIMD4<Int32> {
        let product = lack &* count
        return (product &+ (product &>> 31 & 15)) &>> 4
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
