/// One change of an image embedding: an entry of the edit stack.
public struct Edit: Sendable, Equatable, Identifiable {
    public enum Kind: String, Sendable, Codable {
        /// The activation becomes `value`.
        case set
        /// `value` is added to the activation.
        case add
    }

    /// What is changed.
    public enum Target: Sendable, Hashable {
        /// The activation of a feature, by its place in the autoencoder.
        case feature(Int)
        /// How far the embedding is moved along a direction: 0 before any edit.
        case direction(Direction)
    }

    /// Identifies an entry of a stack.
    public let id: Int
    public var kind: Kind
    public var target: Target
    public var value: Float
    /// How much of the change is made: 0 nothing, 1 all, up to 2.
    public var strength: Float
    public var isOn: Bool
    /// The group that it is in.
    public internal(set) var group: Int?

    public init(id: Int, kind: Kind = .set, target: Target, value: Float, strength: Float = 1, isOn: Bool = true, group: Int? = nil) {
        self.id = id
        self.kind = kind
        self.target = target
        self.value = value
        self.strength = strength
        self.isOn = isOn
        self.group = group
    }

    public init(id: Int, kind: Kind = .set, feature: Int, value: Float, strength: Float = 1, isOn: Bool = true, group: Int? = nil) {
        self.init(id: id, kind: kind, target: .feature(feature), value: value, strength: strength, isOn: isOn, group: group)
    }

    /// The feature that is changed; nil when it is a direction.
    public var feature: Int? { target.feature }

    /// The direction along which the embedding is moved; nil when a feature is changed.
    public var direction: Direction? { target.direction }

    /// The activation after the edit, from the one before.
    public func callAsFunction(_ activation: Float) -> Float {
        guard isOn else { return activation }
        switch kind {
        case .set: return activation + strength * (value - activation)
        case .add: return activation + strength * value
        }
    }
}

// Swift 6.3.1 crashes in optimised builds where it inlines these into closures.
extension Edit.Target {
    @inline(never)
    public var feature: Int? { if case .feature(let feature) = self { feature } else { nil } }

    @inline(never)
    public var direction: Direction? { if case .direction(let direction) = self { direction } else { nil } }
}

/// Edits that are switched on and off, and given a strength, together.
public struct EditGroup: Sendable, Equatable, Identifiable {
    /// Identifies a group or an edit of a stack.
    public let id: Int
    /// No other group of the stack has it.
    public var name: String
    /// Multiplies the strength of each of its edits: 0 to 2.
    public var strength: Float
    public var isOn: Bool

    public init(id: Int, name: String, strength: Float = 1, isOn: Bool = true) {
        self.id = id
        self.name = name
        self.strength = strength
        self.isOn = isOn
    }
}
