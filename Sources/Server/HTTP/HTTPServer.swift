import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

/// What answers the requests that an `HTTPServer` receives.
protocol HTTPResponder: Sendable {
    /// Refuses a request by its head, before its body is received; nil to go on.
    func refusal(of request: Request) -> Response?
    func response(to request: Request) async -> Response
    /// What the headers of every answer to a request have in common.
    func commonHeaders(for request: Request) -> HTTPHeaders
    /// Begins a conversation over a WebSocket; nil to refuse it.
    func acceptsWebSocket(_ request: Request) -> Bool
    func converse(over socket: WebSocket, _ request: Request) async throws
}

/// Receives requests over TCP: bounded in connections, sizes and time.
final class HTTPServer: Sendable {
    enum Upgraded: Sendable {
        case http(NIOAsyncChannel<HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>>, Deadline)
        case webSocket(NIOAsyncChannel<WebSocketFrame, WebSocketFrame>, Request)
        case refused(any Channel)
    }

    typealias Listener = NIOAsyncChannel<EventLoopFuture<Upgraded>, Never>

    let limits: Limits
    let responder: any HTTPResponder
    let log: @Sendable (String) -> Void
    /// Where it listens, with the port that the system chose if it was to.
    let address: SocketAddress
    let connections = ConnectionList()
    /// The bytes of all bodies that are in memory.
    let bodies = Atomic(0)
    private let listener: Listener
    private let accepting = Mutex<Task<Void, Never>?>(nil)

    /// Listens from now on.
    /// - Throws: `ServerError.cannotListen`.
    init(host: String, port: Int, limits: Limits, responder: any HTTPResponder, log: @escaping @Sendable (String) -> Void) async throws {
        self.limits = limits
        self.responder = responder
        self.log = log
        do {
            listener = try await Self.bootstrap.bind(host: host, port: port) { [connections] channel in
                Self.prepare(channel, connections, limits, responder)
            }
        } catch {
            throw ServerError.cannotListen("\(host):\(port)", reason: Self.reason(error))
        }
        guard let address = listener.channel.localAddress else {
            throw ServerError.cannotListen("\(host):\(port)", reason: "the system gives it no address")
        }
        self.address = address
        let task = Task { await self.accept() }
        accepting.withLock { $0 = task }
    }

    /// Takes no more connections, lets the requests in progress end for a while, and closes what is left.
    func stop() async {
        // Before whoever is told to leave can come back.
        try? await listener.channel.close()
        connections.stop()
        let clock = ContinuousClock()
        let end = clock.now + limits.graceTime
        while !connections.isEmpty, clock.now < end { try? await Task.sleep(for: .milliseconds(20)) }
        connections.closeAll()
        await accepting.withLock { $0 }?.value
    }

    private static var bootstrap: ServerBootstrap {
        ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)).lowercased() }
        return "there is no such address"
    }

    private func accept() async {
        // What ends the loop is that the listener was closed.
        try? await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { inbound in
                for try await upgraded in inbound { group.addTask { await self.serve(upgraded) } }
            }
        }
    }

    private func serve(_ upgraded: EventLoopFuture<Upgraded>) async {
        // A connection that breaks, or says what is not HTTP, is its own affair.
        switch try? await upgraded.get() {
        case .http(let channel, let deadline): await Connection(channel, deadline, self).serve()
        case .webSocket(let channel, let request): await WebSocket.converse(over: channel, request, self)
        case .refused(let channel):
            let answer = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            try? await channel.writeAndFlush(ByteBuffer(string: answer))
            try? await channel.close()
        case nil: break
        }
    }
}

// MARK: Pipelines

extension HTTPServer {
    private static func prepare(
        _ channel: any Channel, _ connections: ConnectionList, _ limits: Limits, _ responder: any HTTPResponder
    ) -> EventLoopFuture<EventLoopFuture<Upgraded>> {
        channel.eventLoop.makeCompletedFuture {
            guard connections.add(channel, limit: limits.connections) else {
                return channel.eventLoop.makeSucceededFuture(.refused(channel))
            }
            let deadline = Deadline(channel)
            deadline.set(limits.headTime)
            channel.closeFuture.whenComplete { _ in deadline.set(nil) }
            var configuration = NIOUpgradableHTTPServerPipelineConfiguration(
                upgradeConfiguration: .init(upgraders: [webSocketUpgrader(deadline)]) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ByteBufferBodies())
                        return .http(try NIOAsyncChannel(wrappingChannelSynchronously: channel), deadline)
                    }
                })
            // Each connection is read by one loop, which takes one request after the other; and reading on while it answers finds out that a
            // client is gone.
            configuration.enablePipelining = false
            configuration.decoderConfiguration.maxHeaderFieldSize = 16 << 10
            configuration.decoderConfiguration.maxHeaderListSize = 64 << 10
            configuration.decoderConfiguration.maxHeaderFieldCount = 100
            let upgraded = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(configuration: configuration)
            let upgrader = try channel.pipeline.syncOperations.handler(type: NIOTypedHTTPServerUpgradeHandler<Upgraded>.self)
            try channel.pipeline.syncOperations.addHandler(WebSocketGate(responder), position: .before(upgrader))
            try channel.pipeline.syncOperations.addHandler(CloseOnError())
            return upgraded
        }
    }

    private static func webSocketUpgrader(_ deadline: Deadline) -> NIOTypedWebSocketServerUpgrader<Upgraded> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: WebSocket.longestMessage,
            shouldUpgrade: { channel, _ in
                channel.eventLoop.makeSucceededFuture(HTTPHeaders())
            },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    guard let request = Request(head) else { throw ChannelError.inappropriateOperationForState }
                    deadline.set(nil)
                    try channel.pipeline.syncOperations.addHandler(
                        NIOWebSocketFrameAggregator(
                            minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 64, maxAccumulatedFrameSize: WebSocket.longestMessage))
                    return .webSocket(try NIOAsyncChannel(wrappingChannelSynchronously: channel), request)
                }
            })
    }
}

/// Ends a connection that says what is not HTTP, once it was told so.
private final class CloseOnError: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Lets only those requests become WebSockets that will be accepted; the others are answered like any request.
private final class WebSocketGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private let responder: any HTTPResponder

    init(_ responder: any HTTPResponder) { self.responder = responder }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = Self.unwrapInboundIn(data)
        if case .head(var head) = part, head.headers.contains(name: "Upgrade"), !accepts(head) {
            head.headers.remove(name: "Upgrade")
            // The decoder takes what follows for the other protocol's.
            head.headers.replaceOrAdd(name: "Connection", value: "close")
            part = .head(head)
        }
        context.fireChannelRead(Self.wrapInboundOut(part))
        // Only a connection's first request can become a WebSocket.
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func accepts(_ head: HTTPRequestHead) -> Bool {
        guard head.headers["Sec-WebSocket-Key"].count == 1, head.headers["Sec-WebSocket-Version"] == ["13"] else { return false }
        return Request(head).map(responder.acceptsWebSocket) ?? false
    }
}

/// Lets bodies be written as buffers alone, which may go from thread to thread.
private final class ByteBufferBodies: ChannelOutboundHandler {
    typealias OutboundIn = HTTPPart<HTTPResponseHead, ByteBuffer>
    typealias OutboundOut = HTTPServerResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part: HTTPServerResponsePart =
            switch Self.unwrapOutboundIn(data) {
            case .head(let head): .head(head)
            case .body(let buffer): .body(.byteBuffer(buffer))
            case .end(let trailers): .end(trailers)
            }
        context.write(Self.wrapOutboundOut(part), promise: promise)
    }
}

/// The connections that are open, and which of them wait for nothing but their client.
final class ConnectionList: Sendable {
    private struct Contents {
        var channels: [ObjectIdentifier: (channel: any Channel, isBusy: Bool)] = [:]
        var isStopping = false
    }

    private let contents = Mutex(Contents())

    var isEmpty: Bool { contents.withLock(\.channels.isEmpty) }
    var isStopping: Bool { contents.withLock(\.isStopping) }

    /// - Returns: whether there was room for it.
    func add(_ channel: any Channel, limit: Int) -> Bool {
        let id = ObjectIdentifier(channel)
        let isAdded = contents.withLock { contents in
            guard contents.channels.count < limit, !contents.isStopping else { return false }
            contents.channels[id] = (channel, false)
            return true
        }
        if isAdded { channel.closeFuture.whenComplete { _ in self.contents.withLock { $0.channels[id] = nil } } }
        return isAdded
    }

    /// Notes whether a connection has a request that is to be answered before the server stops.
    func note(_ channel: any Channel, isBusy: Bool) {
        let isLeftOver = contents.withLock { contents in
            contents.channels[ObjectIdentifier(channel)]?.isBusy = isBusy
            return contents.isStopping && !isBusy
        }
        if isLeftOver { channel.close(promise: nil) }
    }

    /// Closes all that are not busy now, and every other as soon as it is not.
    func stop() {
        let idle = contents.withLock { contents in
            contents.isStopping = true
            return contents.channels.values.filter { !$0.isBusy }.map(\.channel)
        }
        for channel in idle { channel.close(promise: nil) }
    }

    func closeAll() {
        for channel in contents.withLock({ $0.channels.values.map(\.channel) }) { channel.close(promise: nil) }
    }
}
