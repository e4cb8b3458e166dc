/// What a text shall become.
public struct Prompt: Sendable, Hashable, Codable {
    public var text: String
    /// What the picture shall not show; nil leaves that open.
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

    /// Whether its numbers make sense.
    var isInRange: Bool { (1...1000).contains(steps) && guidance.isFinite }
}

/// A picture that shall be made from a text.
public struct PromptRequest: Sendable, Equatable {
    public var prompt: Prompt
    /// Edits of the features that the text's embedding has.
    public var stack: EditStack
    /// In pixels; rounded as pictures' sizes are.
    public var width, height: Int
    /// The seed of the starting noise.
    public var seed: UInt64
    public var steps: Int
    /// 1 means none; above, the difference to the embedding of no picture, or of the prompt's negative, is exaggerated.
    public var guidance: Double

    public init(
        _ prompt: Prompt, stack: EditStack = EditStack(), width: Int, height: Int, seed: UInt64 = 0, steps: Int = 20, guidance: Double = 1
    ) {
        self.prompt = prompt
        self.stack = stack
        self.width = width
        self.height = height
        self.seed = seed
        self.steps = steps
        self.guidance = guidance
    }
}
