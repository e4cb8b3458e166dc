extension Scene.Subject {
    /// The subject's drawing.
    var sprite: Sprite {
        switch self {
        case .house: .house
        case .tree: .tree
        case .boat: .boat
        case .star: .star
        case .heart: .heart
        case .fish: .fish
        case .moon: .moon
        case .mushroom: .mushroom
        case .flower: .flower
        case .cat: .cat
        case .car: .car
        case .balloon: .balloon
        }
    }
}

extension Sprite {
    fileprivate static let house = Sprite(
        Part(.shade, .box(Point(0.52, -0.55), half: Point(0.15, 0.35), rounding: 0.03)),
        Part(.body, .box(Point(0, 0.42), half: Point(0.72, 0.52), rounding: 0.06)),
        Part(.shade, .polygon([Point(-0.9, 0), Point(0, -0.86), Point(0.9, 0)], rounding: 0.08)),
        Part(.cream, .box(Point(-0.32, 0.62), half: Point(0.2, 0.32), rounding: 0.04)),
        Part(.cream, .box(Point(0.32, 0.45), half: Point(0.2, 0.2), rounding: 0.04))
    )

    fileprivate static let tree = Sprite(
        Part(.wood, .box(Point(0, 0.76), half: Point(0.15, 0.22), rounding: 0.03)),
        Part(.body, .polygon([Point(0, -0.2), Point(-0.8, 0.6), Point(0.8, 0.6)], rounding: 0.08)),
        Part(.shade, .polygon([Point(-0.46, 0.2), Point(0.46, 0.2), Point(0, 0.3)], rounding: 0.06)),
        Part(.body, .polygon([Point(0, -0.55), Point(-0.62, 0.15), Point(0.62, 0.15)], rounding: 0.08)),
        Part(.shade, .polygon([Point(-0.3, -0.26), Point(0.3, -0.26), Point(0, -0.17)], rounding: 0.06)),
        Part(.body, .polygon([Point(0, -0.9), Point(-0.44, -0.3), Point(0.44, -0.3)], rounding: 0.08))
    )

    fileprivate static let boat = Sprite(
        Part(.wood, .stroke(Point(0.02, -0.88), Point(0.02, 0.5), width: 0.13)),
        Part(.cream, .polygon([Point(0.18, -0.76), Point(0.18, 0.14), Point(0.82, 0.14)], rounding: 0.06)),
        Part(.body, .polygon([Point(-0.14, -0.56), Point(-0.14, 0.14), Point(-0.66, 0.14)], rounding: 0.06)),
        Part(.body, .polygon([Point(-0.9, 0.38), Point(0.9, 0.38), Point(0.56, 0.84), Point(-0.56, 0.84)], rounding: 0.08))
    )

    fileprivate static let star = Sprite(
        Part(
            .body,
            .polygon(
                [
                    Point(0, -0.88), Point(0.247, -0.29), Point(0.884, -0.237), Point(0.4, 0.18), Point(0.546, 0.802),
                    Point(0, 0.47), Point(-0.546, 0.802), Point(-0.4, 0.18), Point(-0.884, -0.237), Point(-0.247, -0.29),
                ], rounding: 0.1)),
        Part(.ink, .disc(Point(-0.2, -0.02), radius: 0.1)),
        Part(.ink, .disc(Point(0.2, -0.02), radius: 0.1))
    )

    fileprivate static let heart = Sprite(
        Part(.body, .heart(tip: Point(0, 0.92), height: 1.62)),
        Part(.cream, .stroke(Point(-0.52, -0.36), Point(-0.4, -0.48), width: 0.2))
    )

    fileprivate static let fish = Sprite(
        Part(.shade, .polygon([Point(0.4, 0), Point(0.88, -0.5), Point(0.78, 0), Point(0.88, 0.5)], rounding: 0.09)),
        Part(.shade, .polygon([Point(-0.35, -0.4), Point(0.25, -0.4), Point(0.2, -0.62)], rounding: 0.09)),
        Part(.body, .common(.disc(Point(-0.2, 0.42), radius: 0.94), .disc(Point(-0.2, -0.42), radius: 0.94))),
        Part(.cream, .disc(Point(-0.56, -0.1), radius: 0.2)),
        Part(.ink, .disc(Point(-0.6, -0.1), radius: 0.11))
    )

    fileprivate static let moon = Sprite(
        Part(.body, .crescent(radius: 0.94, bite: Point(0.6, -0.22), biteRadius: 0.8)),
        Part(.ink, .disc(Point(-0.5, 0.02), radius: 0.11))
    )

    fileprivate static let mushroom = Sprite(
        Part(.cream, .box(Point(0, 0.45), half: Point(0.36, 0.5), rounding: 0.2)),
        Part(.body, .common(.disc(Point(0, 0.1), radius: 0.95), .box(Point(0, -0.4), half: Point(0.97, 0.6), rounding: 0.16))),
        Part(.cream, .disc(Point(-0.42, -0.2), radius: 0.19)),
        Part(.cream, .disc(Point(0.14, -0.5), radius: 0.17)),
        Part(.cream, .disc(Point(0.5, -0.12), radius: 0.16))
    )

    fileprivate static let flower = Sprite(
        Part(.body, .disc(Point(0, -0.58), radius: 0.37)),
        Part(.body, .disc(Point(0.552, -0.179), radius: 0.37)),
        Part(.body, .disc(Point(0.341, 0.469), radius: 0.37)),
        Part(.body, .disc(Point(-0.341, 0.469), radius: 0.37)),
        Part(.body, .disc(Point(-0.552, -0.179), radius: 0.37)),
        Part(.body, .disc(Point(0, 0), radius: 0.4)),
        Part(.cream, .disc(Point(0, 0), radius: 0.3))
    )

    fileprivate static let cat = Sprite(
        Part(.body, .polygon([Point(-0.78, -0.8), Point(-0.8, 0), Point(-0.16, -0.34)], rounding: 0.1)),
        Part(.body, .polygon([Point(0.78, -0.8), Point(0.8, 0), Point(0.16, -0.34)], rounding: 0.1)),
        Part(.body, .box(Point(0, 0.2), half: Point(0.92, 0.72), rounding: 0.62)),
        Part(.cream, .box(Point(0, 0.5), half: Point(0.4, 0.27), rounding: 0.26)),
        Part(.ink, .disc(Point(-0.42, 0.06), radius: 0.14)),
        Part(.ink, .disc(Point(0.42, 0.06), radius: 0.14)),
        Part(.ink, .disc(Point(0, 0.38), radius: 0.12))
    )

    fileprivate static let car = Sprite(
        Part(.body, .polygon([Point(-0.6, 0.1), Point(-0.4, -0.5), Point(0.3, -0.5), Point(0.6, 0.1)], rounding: 0.1)),
        Part(.body, .box(Point(0, 0.25), half: Point(0.94, 0.32), rounding: 0.16)),
        Part(.cream, .polygon([Point(-0.4, -0.06), Point(-0.3, -0.36), Point(-0.1, -0.36), Point(-0.1, -0.06)], rounding: 0.05)),
        Part(.cream, .polygon([Point(0.12, -0.06), Point(0.12, -0.36), Point(0.24, -0.36), Point(0.4, -0.06)], rounding: 0.05)),
        Part(.ink, .disc(Point(-0.48, 0.52), radius: 0.27)),
        Part(.ink, .disc(Point(0.48, 0.52), radius: 0.27)),
        Part(.cream, .disc(Point(-0.48, 0.52), radius: 0.11)),
        Part(.cream, .disc(Point(0.48, 0.52), radius: 0.11))
    )

    fileprivate static let balloon = Sprite(
        Part(.wood, .stroke(Point(-0.3, 0.3), Point(-0.18, 0.75), width: 0.08)),
        Part(.wood, .stroke(Point(0.3, 0.3), Point(0.18, 0.75), width: 0.08)),
        Part(.body, .disc(Point(0, -0.26), radius: 0.72)),
        Part(.body, .polygon([Point(-0.52, 0.1), Point(0.52, 0.1), Point(0.28, 0.4), Point(-0.28, 0.4)], rounding: 0.06)),
        Part(.cream, .common(.disc(Point(0, -0.26), radius: 0.72), .box(Point(0, -0.26), half: Point(0.22, 0.8), rounding: 0.22))),
        Part(.wood, .box(Point(0, 0.82), half: Point(0.24, 0.16), rounding: 0.05))
    )
}
