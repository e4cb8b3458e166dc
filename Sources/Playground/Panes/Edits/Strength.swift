import Steering

/// The scale of the strength of edits and groups: 0 to 200 %.
enum Strength {
    static let range = Ranges.strength.range
    static let fineStep: Float = 0.05
    static let coarseStep: Float = 0.25

    static func stepped(_ strength: Float, by step: Float) -> Float { clamped(strength + step) }

    /// To whole percents, as they are shown.
    static func clamped(_ strength: Float) -> Float {
        (min(max(strength, range.lowerBound), range.upperBound) * 100).rounded() / 100
    }

    /// The place of a strength on a bar of some columns.
    static func column(of strength: Float, columns: Int) -> Int {
        Int((clamped(strength) / range.upperBound * Float(columns - 1)).rounded())
    }

    /// The strength at a column of a bar; columns beyond an end count as that end.
    static func value(at column: Int, columns: Int) -> Float {
        columns > 1 ? clamped(range.upperBound * Float(column) / Float(columns - 1)) : 1
    }
}
