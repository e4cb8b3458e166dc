/// A square picture being painted, in sRGB from 0 to 1.
struct SceneCanvas {
    let size: Int
    private(set) var pixels: [RGB]

    init(size: Int) {
        self.size = max(size, 0)
        pixels = Array(repeating: RGB(repeating: 0), count: self.size * self.size)
    }

    /// Paints every row in the colour for its height, 0 at the top and 1 at the bottom.
    mutating func fillRows(_ colour: (Float) -> RGB) {
        for y in 0..<size {
            let row = colour((Float(y) + 0.5) / Float(size))
            for index in y * size..<(y + 1) * size { pixels[index] = row }
        }
    }

    /// Paints a shape in one colour, its edge antialiased; `growth` widens it, in parts of the picture's side.
    mutating func fill(_ shape: Shape, at spot: Spot = .picture, grownBy growth: Float = 0, with colour: RGB) {
        fill(shape, at: spot, grownBy: growth) { _ in colour }
    }

    /// Paints a shape in a colour that depends on the place in the picture.
    mutating func fill(_ shape: Shape, at spot: Spot = .picture, grownBy growth: Float = 0, with colour: (Point) -> RGB) {
        let (columns, rows) = reach(of: shape, at: spot, grownBy: growth)
        let scale = Float(size)
        let size = size
        pixels.withUnsafeMutableBufferPointer { pixels in
            for y in rows {
                for x in columns {
                    let point = Point(Float(x) + 0.5, Float(y) + 0.5) / scale
                    let distance = shape.distance(to: (point - spot.centre) / spot.radius) * spot.radius - growth
                    let coverage = min(max(0.5 - distance * scale, 0), 1)
                    guard coverage > 0 else { continue }
                    let index = y * size + x
                    pixels[index] = pixels[index].mixed(with: colour(point), coverage)
                }
            }
        }
    }

    /// Changes every pixel's colour.
    mutating func map(_ change: (RGB) -> RGB) {
        for index in pixels.indices { pixels[index] = change(pixels[index]) }
    }

    /// The picture at another size, each pixel the nearest one of this picture.
    func resized(to newSize: Int) -> SceneCanvas {
        guard newSize != size else { return self }
        var larger = SceneCanvas(size: newSize)
        for y in 0..<larger.size {
            for x in 0..<larger.size {
                larger.pixels[y * newSize + x] = pixels[(y * size / newSize) * size + x * size / newSize]
            }
        }
        return larger
    }

    /// The picture's bytes, RGB, row-major.
    var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: pixels.count * 3) { bytes, count in
            for (index, pixel) in pixels.enumerated() {
                let levels = (pixel.clamped(lowerBound: RGB(repeating: 0), upperBound: RGB(repeating: 1)) * 255).rounded(.toNearestOrEven)
                bytes[3 * index] = UInt8(levels.x)
                bytes[3 * index + 1] = UInt8(levels.y)
                bytes[3 * index + 2] = UInt8(levels.z)
            }
            count = pixels.count * 3
        }
    }

    /// The pixels that a shape may touch.
    private func reach(of shape: Shape, at spot: Spot, grownBy growth: Float) -> (columns: Range<Int>, rows: Range<Int>) {
        let scale = Float(size)
        let bounds = shape.bounds
        let edge = Point(scale, scale)
        let low = ((bounds.low * spot.radius + spot.centre - growth) * scale - 1).clamped(lowerBound: .zero, upperBound: edge)
        let high = ((bounds.high * spot.radius + spot.centre + growth) * scale + 1).clamped(lowerBound: low, upperBound: edge)
        return (Int(low.x)..<Int(high.x.rounded(.up)), Int(low.y)..<Int(high.y.rounded(.up)))
    }
}
