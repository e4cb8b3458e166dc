/// Gathers a picture's pixels, in whatever order they come, at 1/`factor` of its size: each pixel is the mean of a square, as in
/// Pillow's `Image.reduce`. Transparency is composited over white.
struct PixelCanvas {
    private let sourceWidth, sourceHeight: Int
    private let width, height: Int
    private let factor: Int
    /// At full size the samples themselves, else empty.
    private var samples: [UInt8] = []
    /// Sums of a square's samples; 16 × 16 of them fit in 16 bits.
    private var sums: [UInt16] = []

    /// A canvas for every pixel of a picture of `width` × `height`; `factor` is 1 to 16.
    init(width: Int, height: Int, factor: Int) {
        sourceWidth = width
        sourceHeight = height
        self.factor = min(max(factor, 1), 16)
        self.width = (width + self.factor - 1) / self.factor
        self.height = (height + self.factor - 1) / self.factor
        if self.factor == 1 {
            samples = [UInt8](repeating: 0, count: width * height * 3)
        } else {
            sums = [UInt16](repeating: 0, count: self.width * self.height * 3)
        }
    }

    /// Adds `count` pixels of four samples each, the last their opacity, to row `y`: from `x` on, `step` apart.
    mutating func add(_ row: UnsafeBufferPointer<UInt8>, count: Int, y: Int, x: Int = 0, step: Int = 1) {
        if factor == 1 {
            samples.withUnsafeMutableBufferPointer { samples in
                var target = (y * width + x) * 3
                for source in stride(from: 0, to: count * 4, by: 4) {
                    let alpha = row[source + 3]
                    for channel in 0..<3 { samples[target + channel] = overWhite(row[source + channel], alpha: alpha) }
                    target += step * 3
                }
            }
        } else {
            sums.withUnsafeMutableBufferPointer { sums in
                let start = y / factor * width
                var place = x
                for source in stride(from: 0, to: count * 4, by: 4) {
                    let alpha = row[source + 3]
                    let target = (start + place / factor) * 3
                    for channel in 0..<3 { sums[target + channel] &+= UInt16(overWhite(row[source + channel], alpha: alpha)) }
                    place += step
                }
            }
        }
    }

    /// The picture, once every pixel has been added.
    consuming func picture() throws(PictureError) -> Picture {
        if factor == 1 { return try Picture(width: width, height: height, pixels: samples) }
        return Picture(width: width, height: height) { target in
            var next = 0
            for y in 0..<height {
                let rows = min(factor, sourceHeight - y * factor)
                for x in 0..<width {
                    let count = rows * min(factor, sourceWidth - x * factor)
                    for _ in 0..<3 {
                        target[next] = UInt8((Int(sums[next]) + count / 2) / count)
                        next += 1
                    }
                }
            }
        }
    }
}

/// The sample seen when `sample` with opacity `alpha` lies over white, rounded to nearest.
@inline(__always)
func overWhite(_ sample: UInt8, alpha: UInt8) -> UInt8 {
    let sum = Int(sample) * Int(alpha) + 255 * (255 - Int(alpha))
    return UInt8(truncatingIfNeeded: (sum + 127) / 255)
}
