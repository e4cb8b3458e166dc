/// How a picture is made from an embedding.
public struct Sampling: Sendable, Hashable {
    /// Where the latents begin.
    public enum Start: Sendable, Hashable {
        /// At the noise that the picture itself inverts to.
        case inversion
        /// At noise drawn with a seed.
        case noise(seed: UInt64)
    }

    public var steps: Int
    /// 1 means none; above, the difference to the unconditional or the negative embedding is exaggerated.
    public var guidance: Double
    public var start: Start
    /// How the picture is inverted when sampling begins there.
    public var inversion: Inversion

    public init(steps: Int = 20, guidance: Double = 1, start: Start = .inversion, inversion: Inversion = .exact) {
        self.steps = steps
        self.guidance = guidance
        self.start = start
        self.inversion = inversion
    }
}

extension Sampling {
    /// - Throws: `SteeringError.outOfRange`.
    func requireRanges() throws {
        try Ranges.steps.require(steps)
        try Ranges.guidance.require(guidance)
    }
}
