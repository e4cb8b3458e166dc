extension Scene.TimeOfDay {
    /// Where the sky meets the ground, in parts of the picture's height.
    static let horizon: Float = 0.6

    /// What this light leaves of the colours on the ground.
    var light: RGB {
        switch self {
        case .morning: RGB(1, 0.95, 0.86)
        case .day: RGB(1, 1, 1)
        case .dusk: RGB(0.76, 0.56, 0.66)
        case .night: RGB(0.42, 0.48, 0.68)
        }
    }

    /// Paints the sky over the whole canvas.
    ///
    /// Each time has a pattern of its own (a rising sun's rings, a plain gradient, bands, stars), so that it can be told without colour.
    func paintSky(on canvas: inout SceneCanvas) {
        switch self {
        case .morning: Self.paintSunrise(on: &canvas)
        case .day: Self.paintGradient(from: RGB(0x58B4F0), to: RGB(0xBCE6FA), on: &canvas)
        case .dusk: Self.paintBands(on: &canvas)
        case .night: Self.paintStars(on: &canvas)
        }
    }

    private static func paintGradient(from top: RGB, to bottom: RGB, on canvas: inout SceneCanvas) {
        canvas.fillRows { top.mixed(with: bottom, min($0 / horizon, 1)) }
    }

    private static func paintSunrise(on canvas: inout SceneCanvas) {
        canvas.fillRows { _ in RGB(0xF8B8A4) }
        let sun = Point(0.5, horizon + 0.04)
        canvas.fill(.disc(sun, radius: 0.56), with: RGB(0xFCCDA6))
        canvas.fill(.disc(sun, radius: 0.42), with: RGB(0xFEE0AE))
        canvas.fill(.disc(sun, radius: 0.28), with: RGB(0xFFF1C4))
    }

    private static func paintBands(on canvas: inout SceneCanvas) {
        canvas.fillRows { _ in RGB(0x5B3A86) }
        canvas.fill(.waves(top: 0.17, pitch: 0.5, phase: 0.1), with: RGB(0x9A4590))
        canvas.fill(.waves(top: 0.31, pitch: 0.5, phase: 0.35), with: RGB(0xD85C80))
        canvas.fill(.waves(top: 0.44, pitch: 0.5, phase: 0.1), with: RGB(0xF68C62))
    }

    private static func paintStars(on canvas: inout SceneCanvas) {
        paintGradient(from: RGB(0x0C1234), to: RGB(0x222E66), on: &canvas)
        let stars = [
            Point(0.1, 0.13), Point(0.24, 0.26), Point(0.36, 0.1), Point(0.5, 0.21), Point(0.63, 0.09), Point(0.77, 0.24),
            Point(0.9, 0.12), Point(0.11, 0.4), Point(0.33, 0.42), Point(0.66, 0.41), Point(0.9, 0.39),
        ]
        for star in stars {
            canvas.fill(.disc(star, radius: 0.013), with: RGB(0xFFF3B0))
        }
    }
}
