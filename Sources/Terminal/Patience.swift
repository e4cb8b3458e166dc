/// How long what comes from a terminal is waited for: long enough for slow connections, which deliver a sequence in pieces.
public struct Patience: Sendable {
    /// For what follows an escape character; after that it is the Escape key.
    public var escape = Duration.milliseconds(50)
    /// The same while replies are on their way.
    public var escapeAmongReplies = Duration.milliseconds(500)
    /// For the rest of a sequence that has begun.
    public var sequence = Duration.seconds(2)
    /// For the answer to a picture, beside the time that it takes; after that pictures are sent without waiting.
    public var answer = Duration.seconds(1)
    /// For the answers that are still to come when the terminal is given back.
    public var leaving = Duration.milliseconds(500)
    /// The same for a terminal that has answered such questions before, and so will do it again.
    public var leavingAnswering = Duration.seconds(2)

    public init() {}
}
