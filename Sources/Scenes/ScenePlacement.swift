import Randomness

/// The part of a scene's arrangement that varies continuously, within what its factors allow.
public struct ScenePlacement: Sendable, Codable, Equatable {
    /// How far the group stands to the right of its usual place, −1…1 of the room it has.
    public var right: Double
    /// How far the group stands below its usual place, −1…1 of the room it has.
    public var down: Double
    /// Whether a pair leans the other way, and a trio has its single object in front.
    public var isFlipped: Bool

    public init(right: Double, down: Double, isFlipped: Bool) {
        self.right = right
        self.down = down
        self.isFlipped = isFlipped
    }

    init(using random: inout SplitMix64) {
        right = random.fraction() * 2 - 1
        down = random.fraction() * 2 - 1
        isFlipped = random.number(below: 2) == 1
    }
}
