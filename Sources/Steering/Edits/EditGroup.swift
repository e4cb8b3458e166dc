/// Edits that are switched on and off, and given a strength, together.
public struct EditGroup: Sendable, Equatable, Identifiable {
    /// Tells groups, and edits, of one stack apart.
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
