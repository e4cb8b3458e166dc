// The formulas are Inigo Quilez's (iquilezles.org/articles/distfunctions2d), which need only + − × ÷ and √
// and so give the same bits on every machine.

func dot(_ a: Point, _ b: Point) -> Float { a.x * b.x + a.y * b.y }

func length(_ vector: Point) -> Float { dot(vector, vector).squareRoot() }

/// The signed distance to an upright box around the origin.
func boxDistance(_ point: Point, half: Point) -> Float {
    let x = abs(point.x) - half.x
    let y = abs(point.y) - half.y
    return length(Point(max(x, 0), max(y, 0))) + min(max(x, y), 0)
}

/// The distance to the line from the origin to `end`.
func strokeDistance(_ point: Point, _ end: Point) -> Float {
    length(point - end * min(max(dot(point, end) / dot(end, end), 0), 1))
}

/// The signed distance to a closed polygon, convex or not.
func polygonDistance(_ point: Point, _ corners: [Point]) -> Float {
    guard var previous = corners.last else { return .infinity }
    var nearest = Float.infinity
    var isInside = false
    for corner in corners {
        let edge = previous - corner
        let offset = point - corner
        let toEdge = offset - edge * min(max(dot(offset, edge) / dot(edge, edge), 0), 1)
        nearest = min(nearest, dot(toEdge, toEdge))
        let isBelow = point.y >= corner.y
        if isBelow != (point.y >= previous.y), isBelow == (edge.x * offset.y > edge.y * offset.x) { isInside.toggle() }
        previous = corner
    }
    return isInside ? -nearest.squareRoot() : nearest.squareRoot()
}

/// The signed distance to a disc around the origin without the disc that bites into it.
func crescentDistance(_ point: Point, radius: Float, bite: Point, biteRadius: Float) -> Float {
    let gap = length(bite)
    let axis = bite / gap
    let along = dot(point, axis)
    let across = abs(axis.x * point.y - axis.y * point.x)
    // The horns are where the two circles cross.
    let hornAlong = (radius * radius - biteRadius * biteRadius + gap * gap) / (2 * gap)
    let hornAcross = max(radius * radius - hornAlong * hornAlong, 0).squareRoot()
    if along * hornAcross - across * hornAlong > gap * max(hornAcross - across, 0) {
        return length(Point(along - hornAlong, across - hornAcross))
    }
    return max(length(point) - radius, biteRadius - length(point - bite))
}

/// The signed distance to a heart that stands on its tip at the origin and reaches up to about y = 1.1.
func heartDistance(_ point: Point) -> Float {
    let point = Point(abs(point.x), point.y)
    if point.x + point.y > 1 {
        let lobeRadius: Float = 0.353_553_4
        return length(point - Point(0.25, 0.75)) - lobeRadius
    }
    let toNotch = point - Point(0, 1)
    let toSide = point - 0.5 * max(point.x + point.y, 0)
    let nearest = min(dot(toNotch, toNotch), dot(toSide, toSide)).squareRoot()
    return point.x < point.y ? -nearest : nearest
}

/// The signed distance, exact near the edge, to everything below a row of touching round crests.
func wavesDistance(_ point: Point, top: Float, pitch: Float, phase: Float) -> Float {
    let crests = (point.x - phase) / pitch
    let across = (crests - crests.rounded(.toNearestOrAwayFromZero)) * pitch
    // This circle's top is the crest, and it meets its neighbours a quarter of a pitch lower.
    let radius = pitch * 0.625
    let troughs = top + pitch * 0.25
    return min(length(Point(across, point.y - top - radius)) - radius, troughs - point.y)
}
