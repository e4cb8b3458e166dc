import Steering

/// What a slider moves.
enum Handle: Sendable, Hashable {
    /// A feature's activation.
    case feature(Int)
    /// The strength of an edit or of a group.
    case strength(EditPart)
}

/// The scale of a feature's slider: from 0 to three times its maximum.
struct Slider: Sendable, Equatable {
    /// The value at the right end; values beyond it can be typed.
    let limit: Float

    init(_ feature: Feature) {
        limit = Ranges.slider(maximum: feature.maximum, activation: feature.activation).upperBound
    }

    /// An activation at which the feature clearly shows: its maximum.
    var typicalValue: Float { limit / 3 }
    var fineStep: Float { limit / 50 }
    var coarseStep: Float { limit / 10 }

    /// The value after a step: it stays between the ends, but one that is already beyond an end may come back in steps.
    func stepped(_ value: Float, by step: Float) -> Float {
        min(max(value + step, min(0, value)), max(limit, value))
    }

    /// The place of a value on a bar of some columns; values beyond an end are at that end.
    func column(of value: Float, columns: Int) -> Int {
        let share = min(max(value / limit, 0), 1)
        return Int((share * Float(columns - 1)).rounded())
    }

    /// The value at a column of a bar; columns beyond an end count as that end.
    func value(at column: Int, columns: Int) -> Float {
        guard columns > 1 else { return 0 }
        return limit * Float(min(max(column, 0), columns - 1)) / Float(columns - 1)
    }
}
