extension Scene.Weather {
    /// Paints the weather over sky and ground; the objects stand before it.
    func paint(on canvas: inout SceneCanvas, at time: Scene.TimeOfDay) {
        switch self {
        case .clear: break
        case .cloudy: Self.paintClouds(on: &canvas, at: time)
        case .rain: Self.paintDrops(on: &canvas, at: time)
        case .snow: Self.paintFlakes(on: &canvas)
        }
    }

    private static func paintClouds(on canvas: inout SceneCanvas, at time: Scene.TimeOfDay) {
        let colour = RGB(0xFFFFFF) * RGB(repeating: 0.4).mixed(with: time.light, 0.7)
        for centre in [Point(0.2, 0.2), Point(0.82, 0.18), Point(0.52, 0.12)] {
            let cloud = Shape.union([
                .box(centre + Point(0, 0.025), half: Point(0.16, 0.045), rounding: 0.045),
                .disc(centre - Point(0.06, 0.01), radius: 0.06),
                .disc(centre + Point(0.04, -0.02), radius: 0.075),
            ])
            canvas.fill(cloud, grownBy: 0.01, with: colour * 0.82)
            canvas.fill(cloud, with: colour)
        }
    }

    private static func paintDrops(on canvas: inout SceneCanvas, at time: Scene.TimeOfDay) {
        let colour = time == .night || time == .dusk ? RGB(0xA8CCFF) : RGB(0x2E62C0)
        for drop in lattice {
            canvas.fill(.stroke(drop + Point(0.02, -0.045), drop + Point(-0.02, 0.045), width: 0.028), with: colour)
        }
    }

    private static func paintFlakes(on canvas: inout SceneCanvas) {
        for flake in lattice {
            canvas.fill(.disc(flake, radius: 0.034), with: RGB(0xA8B8D8))
            canvas.fill(.disc(flake, radius: 0.026), with: RGB(0xFFFFFF))
        }
    }

    /// Places spread evenly over the picture, every other row shifted by half a step.
    private static let lattice = (0..<5).flatMap { row in
        (0..<5).map { column in
            Point((Float(column) + (row.isMultiple(of: 2) ? 0.25 : 0.75)) / 5, (Float(row) + 0.5) / 5)
        }
    }
}
