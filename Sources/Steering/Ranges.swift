import Foundation

/// What a number of a setting or an edit may be.
public struct Limits<Value: Comparable & Sendable>: Sendable {
    /// As the beginning of a sentence.
    let name: String
    public let range: ClosedRange<Value>

    init(_ name: String, _ range: ClosedRange<Value>) {
        self.name = name
        self.range = range
    }

    /// False for what is not a number as well.
    public func contains(_ value: Value) -> Bool { range.contains(value) }

    /// The nearest value that may be.
    public func clamped(_ value: Value) -> Value { min(max(value, range.lowerBound), range.upperBound) }

    /// For instance "between 1 and 1000".
    public var text: String { "between \(Self.text(range.lowerBound)) and \(Self.text(range.upperBound))" }

    /// Why a value is refused, in one sentence; nil where it may be.
    /// - Parameters:
    ///   - subject: what the value is, as the beginning of the sentence; nil takes the usual name.
    ///   - value: the value.
    public func refusal(of value: Value, as subject: String? = nil) -> String? {
        contains(value) ? nil : "\(subject ?? name) must lie \(text), not \(Self.text(value))."
    }

    /// - Throws: `SteeringError.outOfRange` unless the value may be.
    public func require(_ value: Value, as subject: String? = nil) throws {
        if let refusal = refusal(of: value, as: subject) { throw SteeringError.outOfRange(refusal) }
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case let number as Double: String(format: "%.7g", number)
        case let number as Float: String(format: "%.7g", Double(number))
        default: "\(value)"
        }
    }
}

/// The ranges of all settings and edits: the playground, the commands, recipes and the engine go by these alone.
public enum Ranges {
    /// Steps of sampling, of inversion, and of making a prompt's embedding.
    public static let steps = Limits("The number of steps", 1...1000)
    /// 1 means none.
    public static let guidance = Limits("The guidance", 0...20.0)
    /// How much of an edit or a group counts.
    public static let strength = Limits("The strength", 0...Float(2))
    /// A feature's activation, or how far the embedding is moved along a direction; far beyond what any pack makes sense of.
    public static let value = Limits("The value", -1_000_000...Float(1_000_000))
    /// A side of a picture, in pixels.
    public static let side = Limits("A side of the picture", 8...8192)

    /// How many times the largest activation known a feature's slider reaches.
    public static let sliderReach: Float = 3
    /// A feature's slider goes from 0 to `sliderReach` times the largest activation known; values beyond its end can be typed.
    /// - Parameters:
    ///   - maximum: the largest activation that the library has seen.
    ///   - activation: that in the picture, which counts where the library knows none.
    public static func slider(maximum: Float?, activation: Float) -> ClosedRange<Float> {
        0...sliderReach * (maximum.flatMap { $0 > 0 ? $0 : nil } ?? max(activation, 1))
    }

    /// A group's slider: from taking away what it stands for to adding it.
    public static let groupSlider: ClosedRange<Float> = -1...1
    /// A direction's slider.
    public static let directionSlider: ClosedRange<Float> = -0.5...0.5
    /// The slider of an edit's strength, from none of it to all.
    public static let strengthSlider: ClosedRange<Float> = 0...1
}
