import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// The requests of one connection, answered one after the other.
struct Connection: Sendable {
    typealias Channel = NIOAsyncChannel<HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>>
    private typealias Parts = NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
    private typealias Output = NIOAsyncChannelOutboundWriter<HTTPPart<HTTPResponseHead, ByteBuffer>>

    private let channel: Channel
    private let deadline: Deadline
    private let server: HTTPServer

    private var limits: Limits { server.limits }

    init(_ channel: Channel, _ deadline: Deadline, _ server: HTTPServer) {
        self.channel = channel
        self.deadline = deadline
        self.server = server
    }

    /// Answers until the client has no more requests, or breaks one off. What is computed for a client that leaves is cancelled.
    func serve() async {
        let task = Task {
            // Whatever breaks the connection has also ended it.
            try? await channel.executeThenClose { input, output in
                var parts = input.makeAsyncIterator()
                while case .head(let head)? = try await parts.next() {
                    server.connections.note(channel.channel, isBusy: true)
                    let goesOn = try await answer(head, &parts, output)
                    guard goesOn, head.isKeepAlive, !server.connections.isStopping else { break }
                    deadline.set(limits.idleTime)
                    server.connections.note(channel.channel, isBusy: false)
                }
            }
        }
        channel.channel.closeFuture.whenComplete { _ in task.cancel() }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// - Returns: whether the connection can take another request.
    private func answer(_ head: HTTPRequestHead, _ parts: inout Parts, _ output: Output) async throws -> Bool {
        let clock = ContinuousClock()
        let start = clock.now
        var request = Request(head)
        var response: Response
        var isWhole = false
        var taken = 0
        defer { server.bodies.subtract(taken, ordering: .relaxed) }
        if let known = request, let refusal = server.responder.refusal(of: known) {
            response = refusal
            // What is small enough is read all the same, so that the connection can go on.
            let isSmall = known.headers["transfer-encoding"].isEmpty && (known.declaredLength ?? 0) <= 64 << 10
            if isSmall { isWhole = try await body(&parts, output, head, &taken) != nil }
        } else if let known = request {
            do {
                guard let body = try await body(&parts, output, head, &taken) else { return false }
                isWhole = true
                request?.body = body
                deadline.set(nil)
                var whole = known
                whole.body = body
                response = await server.responder.response(to: whole)
            } catch let failure as HTTPFailure {
                response = failure.response
            }
        } else {
            response = HTTPFailure(.badRequest, "This is not a request for a path on this server.").response
        }
        if let request {
            for (name, value) in server.responder.commonHeaders(for: request) where !response.headers.contains(name: name) {
                response.headers.add(name: name, value: value)
            }
        }
        let goesOn = isWhole && head.isKeepAlive && !server.connections.isStopping
        let count = try await write(response, to: head, goesOn: goesOn, output)
        let milliseconds = Int((clock.now - start) / .milliseconds(1))
        let path = head.uri.prefix { $0 != "?" }.prefix(200)
        server.log("\(head.method.rawValue) \(path) \(response.status.code) \(count) bytes in \(milliseconds) ms")
        if !isWhole { try await drain(&parts) }
        return goesOn
    }

    /// The body of a request; nil when the client breaks it off.
    /// - Throws: `HTTPFailure` when it is too large, or there is no room for it.
    private func body(_ parts: inout Parts, _ output: Output, _ head: HTTPRequestHead, _ taken: inout Int) async throws -> Data? {
        let declared = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        try require(declared)
        if head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
            try await output.write(.head(HTTPResponseHead(version: head.version, status: .continue)))
        }
        let end = NIODeadline.now() + limits.bodyTime
        var body = Data()
        while true {
            deadline.set(min(limits.pieceTime, end - .now()))
            switch try await parts.next() {
            case .body(let piece):
                try require(body.count + piece.readableBytes)
                guard server.bodies.add(piece.readableBytes, ordering: .relaxed).newValue <= limits.bodies else {
                    taken += piece.readableBytes
                    throw HTTPFailure(.serviceUnavailable, "The server holds too many uploads; try again in a moment.")
                }
                taken += piece.readableBytes
                body.append(contentsOf: piece.readableBytesView)
            case .end: return body
            case .head, nil: return nil
            }
        }
    }

    private func require(_ length: Int) throws {
        guard length <= limits.body else {
            throw HTTPFailure(.payloadTooLarge, "The body is larger than \(limits.body >> 20) MiB.")
        }
    }

    /// Takes what a refused client still sends, for a moment: where a connection is reset, the answer may be lost.
    private func drain(_ parts: inout Parts) async throws {
        channel.channel.close(mode: .output, promise: nil)
        deadline.set(.seconds(2))
        while case .body? = try await parts.next() {}
    }

    /// - Returns: how many bytes the body had.
    private func write(_ response: Response, to head: HTTPRequestHead, goesOn: Bool, _ output: Output) async throws -> Int {
        var headers = response.headers
        headers.replaceOrAdd(name: "Connection", value: goesOn ? "keep-alive" : "close")
        if case .data(let data) = response.body, response.status != .noContent {
            headers.replaceOrAdd(name: "Content-Length", value: String(data.count))
        }
        let version = head.version
        deadline.set(limits.sendTime)
        try await output.write(.head(HTTPResponseHead(version: version, status: response.status, headers: headers)))
        var count = 0
        if head.method != .HEAD {
            switch response.body {
            case .data(let data): count = try await write(data, output)
            case .stream(let stream):
                deadline.set(nil)
                if response.isEndless { server.connections.note(channel.channel, isBusy: false) }
                let total = Atomic(0)
                try await stream(
                    BodyWriter { data in
                        total.add(try await write(data, output), ordering: .relaxed)
                        // Between two pieces the server itself is waited for.
                        deadline.set(nil)
                    })
                count = total.load(ordering: .relaxed)
            }
        }
        deadline.set(limits.sendTime)
        try await output.write(.end(nil))
        return count
    }

    private func write(_ data: Data, _ output: Output) async throws -> Int {
        var rest = data[...]
        while !rest.isEmpty {
            deadline.set(limits.sendTime)
            try await output.write(.body(ByteBuffer(bytes: rest.prefix(64 << 10))))
            rest = rest.dropFirst(64 << 10)
        }
        return data.count
    }
}
