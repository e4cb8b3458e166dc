/// Where one object stands: the centre and half the side of its square, in parts of the picture's side.
struct Spot: Equatable {
    var centre: Point
    var radius: Float

    /// The whole picture, with its corner at the origin: shapes drawn here use the picture's own coordinates.
    static let picture = Spot(centre: Point(0, 0), radius: 1)
}

/// Where a scene's objects stand, so that none hides another, leaves the picture, or goes under a border.
struct SceneLayout {
    let spots: [Spot]

    /// Between the squares of neighbouring objects.
    private static let gap: Float = 0.03
    /// From the picture's edge to the nearest object: a border's width and a little air.
    private static let margin = SceneFrame.width + 0.012
    /// How far placement moves a group.
    private static let sway = Point(0.015, 0.02)
    /// The usual centre of a group, left, centre and right.
    private static let columns: [Float] = [0.26, 0.5, 0.74]
    private static let row: Float = 0.51

    init(_ scene: Scene) {
        let side = Self.side(scene.size, of: scene.count)
        let offsets = Self.offsets(scene.count, flipped: scene.placement.isFlipped).map { $0 * (side + Self.gap) }
        let reach = (offsets.map { abs($0.x) }.max() ?? 0) + side / 2
        let room = 0.5 - Self.margin - reach - Self.sway.x
        let column = min(max(Self.columns[scene.position.index], 0.5 - room), 0.5 + room)
        let centre = Point(column, Self.row) + Self.sway * Point(Float(scene.placement.right), Float(scene.placement.down))
        spots = offsets.map { Spot(centre: centre + $0, radius: side / 2) }
    }

    /// The side of one object's square. More objects are each a little smaller, and still clear of the next size's range.
    private static func side(_ size: Scene.Size, of count: Scene.Count) -> Float {
        switch (size, count) {
        case (.small, .one): 0.21
        case (.small, .two): 0.195
        case (.small, .three): 0.18
        case (.medium, .one): 0.3
        case (.medium, .two): 0.27
        case (.medium, .three): 0.235
        case (.large, .one): 0.4
        case (.large, .two): 0.355
        case (.large, .three): 0.305
        }
    }

    /// The objects' centres in parts of their distance: alone, leaning one behind the other, or in a triangle.
    private static func offsets(_ count: Scene.Count, flipped: Bool) -> [Point] {
        let sign: Float = flipped ? -1 : 1
        return switch count {
        case .one: [Point(0, 0)]
        case .two: [Point(0.35 * sign, -0.5), Point(-0.35 * sign, 0.5)]
        case .three: [Point(0, -0.5 * sign), Point(-0.5, 0.5 * sign), Point(0.5, 0.5 * sign)]
        }
    }
}
