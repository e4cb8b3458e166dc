import NIOCore
import NIOWebSocket

/// Texts that come and go over one connection.
struct WebSocket: Sendable {
    /// In bytes.
    static let longestMessage = 128 << 10

    let texts: Texts
    private let channel: any Channel
    private let output: NIOAsyncChannelOutboundWriter<WebSocketFrame>
    private let deadline: Deadline
    private let sendTime: TimeAmount

    /// - Throws: when the connection is closed.
    func send(_ text: String) async throws {
        deadline.set(sendTime)
        try await output.write(WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: text)))
        deadline.set(nil)
    }

    /// Ends the conversation unless the next text is sent within this time; nil sets no end.
    func limit(_ time: TimeAmount?) { deadline.set(time) }

    /// Ends the conversation: there are no more texts.
    func close() { channel.close(promise: nil) }

    /// What the client says, until it closes the connection; pings are answered on the way.
    struct Texts: Sendable, AsyncSequence {
        fileprivate let input: NIOAsyncChannelInboundStream<WebSocketFrame>
        fileprivate let output: NIOAsyncChannelOutboundWriter<WebSocketFrame>

        func makeAsyncIterator() -> Iterator { Iterator(frames: input.makeAsyncIterator(), output: output) }

        struct Iterator: AsyncIteratorProtocol {
            fileprivate var frames: NIOAsyncChannelInboundStream<WebSocketFrame>.AsyncIterator
            fileprivate let output: NIOAsyncChannelOutboundWriter<WebSocketFrame>

            mutating func next() async throws -> String? {
                while let frame = try await frames.next() {
                    switch frame.opcode {
                    case .text:
                        guard let text = String(validating: frame.unmaskedData.readableBytesView, as: UTF8.self) else { return nil }
                        return text
                    case .ping: try await output.write(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData))
                    case .pong: break
                    case .connectionClose:
                        var data = frame.unmaskedData
                        let code = data.readSlice(length: 2) ?? ByteBuffer()
                        try await output.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: code))
                        return nil
                    default: return nil
                    }
                }
                return nil
            }
        }
    }

    /// Lets the responder of a server talk until either side has enough.
    static func converse(over channel: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>, _ request: Request, _ server: HTTPServer) async {
        let task = Task {
            // Whatever breaks the connection has also ended it.
            try? await channel.executeThenClose { input, output in
                let socket = WebSocket(
                    texts: Texts(input: input, output: output), channel: channel.channel, output: output,
                    deadline: Deadline(channel.channel),
                    sendTime: server.limits.sendTime)
                try await server.responder.converse(over: socket, request)
            }
        }
        channel.channel.closeFuture.whenComplete { _ in task.cancel() }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
