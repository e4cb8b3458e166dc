/// A text that is to become a picture.
public struct Prompt: Sendable, Hashable, Codable {
    public var text: String
    /// What the picture should not show; nil leaves that open.
    public var negative: String?
    /// The seed of the noise out of which the embedding comes.
    public var seed: UInt64
    public var steps: Int
    /// 1 means none; above, the difference to the empty text is exaggerated.
    public var guidance: Double

    /// The defaults are those of the published prior.
    public init(_ text: String, negative: String? = nil, seed: UInt64 = 0, steps: Int = 25, guidance: Double = 4) {
        self.text = text
        self.negative = negative
        self.seed = seed
        self.steps = steps
        self.guidance = guidance
    }

    /// - Throws: `SteeringError.outOfRange` when one of its numbers is.
    func requireRanges() throws {
        try Ranges.steps.require(steps, as: "The prompt's number of steps")
        try Ranges.guidance.require(guidance, as: "The prompt's guidance")
    }
}
