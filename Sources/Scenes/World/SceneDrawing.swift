extension Scene {
    /// The scene as a square picture.
    ///
    /// Only +, −, ×, ÷ and √ are used, so the bytes are the same on every machine.
    /// - Parameter size: the side in pixels; nothing is drawn for zero or less.
    /// - Returns: `size × size` pixels, row-major, three bytes each: red, green, blue.
    public func drawn(size: Int = 128) -> [UInt8] {
        var canvas = surroundings(size: size).resized(to: objectGrid(in: size))
        let layout = SceneLayout(self)
        for spot in layout.spots { paintRim(at: spot, on: &canvas) }
        for spot in layout.spots { paintObject(at: spot, on: &canvas) }
        canvas = canvas.resized(to: max(size, 0))
        SceneFrame(border)?.paint(on: &canvas)
        return canvas.bytes
    }

    /// Which pixels each object covers, without its rim, in the order of its group from the first spot on.
    ///
    /// A pixel belongs to an object when its centre does, so no pixel belongs to two.
    public func masks(size: Int) -> [RunLengthMask] {
        let size = max(size, 0)
        let grid = objectGrid(in: size)
        let outline = subject.sprite.outline
        return SceneLayout(self).spots.map { spot in
            var covered = Array(repeating: false, count: size * size)
            for y in 0..<size {
                for x in 0..<size {
                    let cell = Point(Float(x * grid / size), Float(y * grid / size))
                    let point = ((cell + 0.5) / Float(grid) - spot.centre) / spot.radius
                    covered[y * size + x] = abs(point.x) <= 1 && abs(point.y) <= 1 && outline.distance(to: point) <= 0
                }
            }
            return RunLengthMask(size: size, covered: covered)
        }
    }

    /// The part of each cell of a grid that objects cover, 0…1, row-major `[cells, cells]`.
    /// - Parameters:
    ///   - pixels: how many pixels a cell's side has.
    ///   - cells: how many cells a side of the grid has.
    public func coverage(cells: Int, pixels: Int = 8) -> [Float] {
        masks(size: cells * pixels).reduce(Array(repeating: 0, count: cells * cells)) { sum, mask in
            zip(sum, mask.coverage(cells: cells)).map { $0 + $1 }
        }
    }

    /// Sky, ground and weather.
    private func surroundings(size: Int) -> SceneCanvas {
        var canvas = SceneCanvas(size: style == .pixelated ? min(32, size) : size)
        timeOfDay.paintSky(on: &canvas)
        ground.paint(on: &canvas, at: timeOfDay)
        weather.paint(on: &canvas, at: timeOfDay)
        if style == .greyscale { canvas.map(\.grey) }
        return canvas
    }

    /// The side of the grid that the objects are drawn on: coarse where they are pixelated, but fine enough to tell a small one.
    private func objectGrid(in size: Int) -> Int {
        style == .pixelated ? min(64, max(size, 0)) : max(size, 0)
    }

    /// What sets an object off from its surroundings: a thin dark line, or the outlined style's broad white band.
    private func paintRim(at spot: Spot, on canvas: inout SceneCanvas) {
        let outline = subject.sprite.outline
        if style == .outlined {
            canvas.fill(outline, at: spot, grownBy: 0.04, with: Palette.ink)
            canvas.fill(outline, at: spot, grownBy: 0.03, with: RGB(0xFFFFFF))
        } else {
            canvas.fill(outline, at: spot, grownBy: 0.01, with: colour.paint * 0.4)
        }
    }

    private func paintObject(at spot: Spot, on canvas: inout SceneCanvas) {
        for part in subject.sprite.parts {
            canvas.fill(part.shape, at: spot) { point in
                switch part.paint {
                case .body: style == .striped ? striped(at: point - spot.centre) : colour.paint
                case .shade: colour.paint * 0.8
                case .cream: Palette.cream
                case .ink: Palette.ink
                case .wood: Palette.wood
                }
            }
        }
    }

    /// The colour at a place in an object with slanted stripes, their edges softened over a pixel of a 128-pixel picture.
    private func striped(at point: Point) -> RGB {
        let pitch: Float = 0.08
        let across = (point.x + point.y) / pitch
        let fromStripe = abs(across - across.rounded(.toNearestOrAwayFromZero)) * pitch
        let softness: Float = 0.008
        let stripe = min(max((0.017 - fromStripe) / softness + 0.5, 0), 1)
        return colour.paint.mixed(with: RGB(0xFFFFFF), stripe)
    }
}
