import NIOCore

/// What one server gives to all its clients, and how long it waits for each.
public struct Limits: Sendable {
    /// Connections at a time; one more is refused.
    public var connections = 128
    /// Requests that wait for the engine or are in it; one more is refused.
    public var requests = 32
    /// The largest body of a request, in bytes.
    public var body = 32 << 20
    /// All bodies together that are being received or worked on, in bytes.
    public var bodies = 256 << 20
    /// How long the first head of a request may take from the connection on.
    public var headTime = TimeAmount.seconds(10)
    /// How long a connection may lie idle between two requests.
    public var idleTime = TimeAmount.seconds(60)
    /// How long a body may take, and how long each piece of it.
    public var bodyTime = TimeAmount.seconds(120)
    public var pieceTime = TimeAmount.seconds(15)
    /// How long a client may take to accept a piece of an answer.
    public var sendTime = TimeAmount.seconds(30)
    /// How long requests in progress may go on once the server is to stop.
    public var graceTime = Duration.seconds(10)

    public init() {}
}
