/// A point in the plane; y grows downwards.
typealias Point = SIMD2<Float>

/// A flat shape, known by its signed distance: negative inside, positive outside.
enum Shape: Sendable {
    case disc(Point, radius: Float)
    case box(Point, half: Point, rounding: Float)
    case polygon([Point], rounding: Float)
    /// A line with round ends.
    case stroke(Point, Point, width: Float)
    /// A disc around the origin with a bite taken out of it by another disc.
    case crescent(radius: Float, bite: Point, biteRadius: Float)
    /// A heart standing on its tip at the point given, one unit of `height` high.
    case heart(tip: Point, height: Float)
    /// Everything below `top`, with round crests `pitch` apart, the first at `phase`.
    case waves(top: Float, pitch: Float, phase: Float)
    case union([Shape])
    indirect case common(Shape, Shape)
    indirect case outside(Shape)

    /// How far `point` lies outside the shape; exact for single shapes outside, a bound for combined ones.
    func distance(to point: Point) -> Float {
        switch self {
        case .disc(let centre, let radius):
            return length(point - centre) - radius
        case .box(let centre, let half, let rounding):
            return boxDistance(point - centre, half: half - rounding) - rounding
        case .polygon(let corners, let rounding):
            return polygonDistance(point, corners) - rounding
        case .stroke(let start, let end, let width):
            return strokeDistance(point - start, end - start) - width / 2
        case .crescent(let radius, let bite, let biteRadius):
            return crescentDistance(point, radius: radius, bite: bite, biteRadius: biteRadius)
        case .heart(let tip, let height):
            return heartDistance((point - tip) / Point(height, -height)) * height
        case .waves(let top, let pitch, let phase):
            return wavesDistance(point, top: top, pitch: pitch, phase: phase)
        case .union(let shapes):
            return shapes.reduce(.infinity) { min($0, $1.distance(to: point)) }
        case .common(let first, let second):
            return max(first.distance(to: point), second.distance(to: point))
        case .outside(let shape):
            return -shape.distance(to: point)
        }
    }

    /// A box that holds the shape.
    var bounds: Bounds {
        switch self {
        case .disc(let centre, let radius):
            Bounds(low: centre - radius, high: centre + radius)
        case .box(let centre, let half, _):
            Bounds(low: centre - half, high: centre + half)
        case .polygon(let corners, let rounding):
            Bounds(around: corners).grown(by: rounding)
        case .stroke(let start, let end, let width):
            Bounds(around: [start, end]).grown(by: width / 2)
        case .crescent(let radius, _, _):
            Bounds(low: Point(-radius, -radius), high: Point(radius, radius))
        case .heart(let tip, let height):
            Bounds(low: tip - Point(height, height * 1.2), high: tip + Point(height, 0))
        case .waves(let top, _, _):
            Bounds(low: Point(-.infinity, top), high: Point(.infinity, .infinity))
        case .union(let shapes):
            shapes.reduce(.nothing) { $0.joined(with: $1.bounds) }
        case .common(let first, _):
            first.bounds
        case .outside:
            .everything
        }
    }
}

/// An upright box.
struct Bounds {
    var low, high: Point

    static let everything = Bounds(low: Point(repeating: -.infinity), high: Point(repeating: .infinity))
    static let nothing = Bounds(low: Point(repeating: .infinity), high: Point(repeating: -.infinity))

    func joined(with other: Bounds) -> Bounds {
        Bounds(low: pointwiseMin(low, other.low), high: pointwiseMax(high, other.high))
    }

    func grown(by amount: Float) -> Bounds {
        Bounds(low: low - amount, high: high + amount)
    }
}

extension Bounds {
    init(around points: [Point]) {
        self = points.reduce(.nothing) { $0.joined(with: Bounds(low: $1, high: $1)) }
    }
}
