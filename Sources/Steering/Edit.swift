/// One change of one feature: an entry of the edit stack.
public struct Edit: Sendable, Equatable, Codable, Identifiable {
    public enum Kind: String, Sendable, Codable {
        /// The activation becomes `value`.
        case set
        /// `value` is added to the activation.
        case add
    }

    /// Tells entries of one stack apart.
    public let id: Int
    public var kind: Kind
    public var feature: Int
    public var value: Float
    /// How much of the change is made: 0 nothing, 1 all, up to 2.
    public var strength: Float
    public var isOn: Bool
    /// The group that it is in.
    public internal(set) var group: Int?

    public init(id: Int, kind: Kind = .set, feature: Int, value: Float, strength: Float = 1, isOn: Bool = true, group: Int? = nil) {
        self.id = id
        self.kind = kind
        self.feature = feature
        self.value = value
        self.strength = strength
        self.isOn = isOn
        self.group = group
    }

    /// The activation after the edit, from the one before.
    public func callAsFunction(_ activation: Float) -> Float {
        guard isOn else { return activation }
        switch kind {
        case .set: return activation + strength * (value - activation)
        case .add: return activation + strength * value
        }
    }
}
