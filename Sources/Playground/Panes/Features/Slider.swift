import Steering

/// What a slider moves.
enum Handle: Sendable, Hashable {
    /// A feature's activation.
    case feature(Int)
    /// The strength of an edit or of a group.
    case strength(EditPart)
}

/// The scale of a feature's slider: from 0 to `Ranges.sliderReach` times its maximum, and as far below 0 where the feature acts there.
struct Slider: Sendable, Equatable {
    /// The values at the ends; values beyond them can be typed.
    let start, limit: Float
    /// The feature's maximum, where one is known: nobody knows what larger activations do.
    let maximum: Float?
    /// Its usual activation, where one is known.
    let usual: Float?

    /// - Parameter actsBelow0: whether it has values below 0 in the picture or by edits.
    init(_ feature: Feature, actsBelow0: Bool = false) {
        limit = Ranges.slider(maximum: feature.maximum, activation: feature.activation).upperBound
        start = actsBelow0 || feature.activation < 0 ? -limit : 0
        maximum = feature.maximum.flatMap { $0 > 0 ? $0 : nil }
        usual = feature.usual.flatMap { $0 > 0 ? $0 : nil }
    }

    /// An activation at which the feature clearly shows: its maximum.
    var typicalValue: Float { limit / Ranges.sliderReach }
    var fineStep: Float { limit / 50 }
    var coarseStep: Float { limit / 10 }

    /// The value after a step: it stays between the ends, but one that is already beyond an end may come back in steps.
    func stepped(_ value: Float, by step: Float) -> Float {
        min(max(value + step, min(start, value)), max(limit, value))
    }

    /// The place of a value on a bar of some columns; values beyond an end are at that end.
    func column(of value: Float, columns: Int) -> Int {
        let share = min(max((value - start) / (limit - start), 0), 1)
        return Int((share * Float(columns - 1)).rounded())
    }

    /// The value at a column of a bar; columns beyond an end count as that end.
    func value(at column: Int, columns: Int) -> Float {
        guard columns > 1 else { return 0 }
        return start + (limit - start) * Float(min(max(column, 0), columns - 1)) / Float(columns - 1)
    }

    /// The columns of a bar whose values are no larger than the maximum.
    func knownColumns(of columns: Int) -> Range<Int> {
        guard let maximum, columns > 1 else { return 0..<columns }
        let perColumn = (limit - start) / Float(columns - 1)
        let first = max(0, ((max(start, -maximum) - start) / perColumn).rounded(.up))
        let last = min(Float(columns - 1), ((maximum - start) / perColumn).rounded(.down))
        return Int(first)..<max(Int(first), Int(last)) + 1
    }
}
