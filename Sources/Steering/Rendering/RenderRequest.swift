import Pictures

/// A picture that is to be made: by the playground, a command or a program that uses `Steering`.
public struct RenderRequest: Sendable, Equatable {
    /// What the picture is made from.
    public enum Origin: Sendable, Hashable {
        case picture(AnalysisID)
        case prompt(Prompt)
    }

    /// How large it becomes.
    public enum Size: Sendable, Hashable, Codable {
        /// The size at which the model works on the picture; for a prompt the pack's.
        case model
        /// The size that the picture had before it was analysed; for a prompt the pack's.
        case original
        /// This size. A prompt's picture is made at the nearest size that the model works at.
        case pixels(width: Int, height: Int)
    }

    public var origin: Origin
    /// Changes of the features that the picture's or the prompt's embedding has.
    public var stack: EditStack
    /// A prompt can only start from noise.
    public var sampling: Sampling
    public var size: Size

    public init(_ origin: Origin, stack: EditStack = EditStack(), sampling: Sampling, size: Size = .model) {
        self.origin = origin
        self.stack = stack
        self.sampling = sampling
        self.size = size
    }

    /// What a picture can be kept under: requests with equal keys give equal pictures, however their edits came about.
    public struct Key: Sendable, Hashable {
        public let origin: Origin
        public let changes: [Change]
        public let sampling: Sampling
        public let size: Size
    }

    /// - Parameter activation: a feature's activation in what the request begins with.
    public func key(_ activation: (Int) -> Float) -> Key {
        Key(origin: origin, changes: stack.changes(activation), sampling: sampling, size: size)
    }

    /// - Throws: `SteeringError.outOfRange` when a number is, and `SteeringError.mismatch` for a prompt that starts from an inversion.
    func requireRanges() throws {
        try sampling.requireRanges()
        try stack.requireRanges()
        if case .pixels(let width, let height) = size {
            try Ranges.side.require(width)
            try Ranges.side.require(height)
        }
        guard case .prompt(let prompt) = origin else { return }
        try prompt.requireRanges()
        guard case .noise = sampling.start else {
            throw SteeringError.mismatch("A prompt has no picture to invert: its picture starts from noise.")
        }
    }
}
