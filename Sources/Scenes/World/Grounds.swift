extension Scene.Ground {
    private static let horizon = Scene.TimeOfDay.horizon

    /// Paints the ground, and what rises from it, over the sky.
    func paint(on canvas: inout SceneCanvas, at time: Scene.TimeOfDay) {
        switch self {
        case .grass: Self.paintMeadow(on: &canvas, time.light)
        case .sand: Self.paintDesert(on: &canvas, time.light)
        case .sea: Self.paintSea(on: &canvas, time.light)
        case .snow: Self.paintMountains(on: &canvas, time.light)
        case .city: Self.paintCity(on: &canvas, time)
        }
    }

    private static func paintMeadow(on canvas: inout SceneCanvas, _ light: RGB) {
        canvas.fill(.disc(Point(0.8, 1.36), radius: 0.82), with: RGB(0x8FD05A) * light)
        canvas.fill(.disc(Point(0.12, 1.4), radius: 0.84), with: RGB(0x74C04C) * light)
        canvas.fill(.disc(Point(0.6, 2.52), radius: 1.74), with: RGB(0x5CAC42) * light)
        for tuft in [Point(0.12, 0.92), Point(0.37, 0.87), Point(0.63, 0.92), Point(0.88, 0.87)] {
            canvas.fill(.stroke(tuft, tuft + Point(-0.03, -0.06), width: 0.022), with: RGB(0x2F7A34) * light)
            canvas.fill(.stroke(tuft, tuft + Point(0.03, -0.06), width: 0.022), with: RGB(0x2F7A34) * light)
        }
    }

    private static func paintDesert(on canvas: inout SceneCanvas, _ light: RGB) {
        canvas.fill(.polygon([Point(-0.3, 1.1), Point(0.3, 0.53), Point(1.1, 1.1)], rounding: 0.02), with: RGB(0xE0B468) * light)
        canvas.fill(.polygon([Point(0.1, 1.1), Point(0.86, 0.58), Point(1.6, 1.1)], rounding: 0.02), with: RGB(0xF0CC84) * light)
        canvas.fill(.polygon([Point(-1.2, 1.1), Point(0.02, 0.58), Point(0.5, 1.1)], rounding: 0.02), with: RGB(0xF0CC84) * light)
        canvas.fill(.disc(Point(0.5, 2.34), radius: 1.62), with: RGB(0xF8DC9C) * light)
        for ripple in [Point(0.2, 0.84), Point(0.62, 0.81), Point(0.4, 0.9), Point(0.84, 0.89), Point(0.12, 0.93)] {
            canvas.fill(.stroke(ripple - Point(0.07, 0), ripple + Point(0.07, 0), width: 0.022), with: RGB(0xD8A658) * light)
        }
    }

    private static func paintSea(on canvas: inout SceneCanvas, _ light: RGB) {
        canvas.fill(.waves(top: horizon, pitch: 0.125, phase: 0), with: RGB(0x62B8E0) * light)
        canvas.fill(.waves(top: horizon + 0.1, pitch: 0.167, phase: 0.08), with: RGB(0x3C96D0) * light)
        canvas.fill(.waves(top: horizon + 0.22, pitch: 0.2, phase: 0), with: RGB(0x2474B8) * light)
    }

    private static func paintMountains(on canvas: inout SceneCanvas, _ light: RGB) {
        for peak in [Point(0.2, 0.4), Point(0.84, 0.36), Point(0.53, 0.46)] {
            canvas.fill(.polygon([peak, peak + Point(0.3, 0.36), peak + Point(-0.3, 0.36)], rounding: 0.01), with: RGB(0x8498B4) * light)
            let cap = [
                peak, peak + Point(0.1, 0.12), peak + Point(0.04, 0.1), peak + Point(0, 0.14), peak + Point(-0.04, 0.1),
                peak + Point(-0.1, 0.12),
            ]
            canvas.fill(.polygon(cap, rounding: 0.01), with: RGB(0xFFFFFF) * light)
        }
        canvas.fill(.disc(Point(0.82, 1.94), radius: 1.32), with: RGB(0xDCE8F6) * light)
        canvas.fill(.disc(Point(0.2, 2.2), radius: 1.54), with: RGB(0xF6FAFF) * light)
    }

    private static func paintCity(on canvas: inout SceneCanvas, _ time: Scene.TimeOfDay) {
        let roofs: [Float] = [0.4, 0.48, 0.34, 0.46, 0.38, 0.5, 0.36, 0.44]
        let windows = time == .night || time == .dusk ? Palette.lamplight : RGB(0xE8EEF4)
        for (index, roof) in roofs.enumerated() {
            let left = Float(index) * 0.125
            let wall = index.isMultiple(of: 2) ? RGB(0x6C7896) : RGB(0x8A96B0)
            canvas.fill(
                .box(Point(left + 0.0625, (roof + 0.7) / 2), half: Point(0.0625, (0.7 - roof) / 2), rounding: 0), with: wall * time.light)
            canvas.fill(.box(Point(left + 0.0625, roof + 0.06), half: Point(0.03, 0.02), rounding: 0), with: windows)
        }
        canvas.fill(.box(Point(0.5, 0.83), half: Point(0.6, 0.2), rounding: 0), with: RGB(0x9C8C98) * time.light)
        for (row, top) in [Float(0.64), 0.74, 0.84, 0.94].enumerated() {
            let mortar = RGB(0x74646F) * time.light
            canvas.fill(.box(Point(0.5, top), half: Point(0.6, 0.009), rounding: 0), with: mortar)
            for column in 0..<5 {
                let x = (Float(column) + (row.isMultiple(of: 2) ? 0.25 : 0.75)) * 0.2
                canvas.fill(.box(Point(x, top + 0.05), half: Point(0.009, 0.05), rounding: 0), with: mortar)
            }
        }
    }
}
