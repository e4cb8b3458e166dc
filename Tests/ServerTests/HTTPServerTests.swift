import Foundation
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

import struct Steering.GenerateRequest

@testable import Server

@Suite struct HTTPServerTests {
    /// Says what it heard, or does what the path says.
    private final class Echo: HTTPResponder {
        let cancelled = Flag()
        let begun = Flag()
        let mayEnd = Flag()

        func refusal(of request: Request) -> Response? { request.path == ["refused"] ? Response(.forbidden) : nil }
        func commonHeaders(for request: Request) -> HTTPHeaders { ["X-Common": "yes"] }
        func acceptsWebSocket(_ request: Request) -> Bool { false }
        func converse(over socket: WebSocket, _ request: Request) async throws {}

        func response(to request: Request) async -> Response {
            switch request.path.first {
            case "wait":
                begun.raise()
                await withTaskCancellationHandler {
                    await mayEnd.wait()
                } onCancel: {
                    cancelled.raise()
                    mayEnd.raise()
                }
                return .text("waited")
            case "large": return Response(type: "text/plain", Data(repeating: 0x61, count: 32 << 20))
            case "stream":
                return .events(isEndless: true) { writer in
                    for number in 0..<3 { try await writer.event("number", id: number, number) }
                }
            default:
                return .text(
                    "\(request.method.rawValue) \(request.path) \(request.query.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }) \(request.body.count)"
                )
            }
        }
    }

    private func withServer<Value>(
        _ change: (inout Limits) -> Void = { _ in }, _ body: (HTTPServer, Int, Echo) async throws -> Value
    ) async throws -> Value {
        var limits = Limits()
        limits.graceTime = .seconds(30)
        change(&limits)
        let echo = Echo()
        let server = try await HTTPServer(host: "127.0.0.1", port: 0, limits: limits, responder: echo) { _ in }
        do {
            let value = try await body(server, try #require(server.address.port), echo)
            await server.stop()
            return value
        } catch {
            await server.stop()
            throw error
        }
    }

    @Test func `A request is read with its decoded path, its query and its body`() async throws {
        try await withServer { _, port, _ in
            let reply = try await ask("POST", "/a%20b/c%2Fd/?x=1+2&y=%C3%A4&x=3", port: port, body: Data(repeating: 1, count: 100_000))
            #expect(reply?.status == 200)
            #expect(reply?.text == "POST [\"a b\", \"c/d\"] [\"x=1 2\", \"y=ä\"] 100000")
            #expect(reply?.headers["x-common"] == "yes")
        }
    }

    @Test func `A connection takes one request after the other, sent at once or not`() async throws {
        try await withServer { _, port, _ in
            let connection = try RawConnection(port: port)
            let request = "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
            await connection.send(request + request)
            let both = await connection.receive { String(decoding: $0, as: UTF8.self).components(separatedBy: "GET [").count == 3 }
            #expect(String(decoding: both, as: UTF8.self).components(separatedBy: "HTTP/1.1 200").count == 3)
            await connection.send("GET /2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(Reply(await connection.receiveAll())?.text.contains("\"2\"") == true)
        }
    }

    @Test func `HEAD has no body, and chunks are put together`() async throws {
        try await withServer { _, port, _ in
            let head = try await ask("HEAD", "/", port: port)
            #expect(head?.status == 200 && head?.body.isEmpty == true && head?.headers["content-length"] != "0")
            let connection = try RawConnection(port: port)
            await connection.send(
                "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            )
            #expect(Reply(await connection.receiveAll())?.text.hasSuffix(" 5") == true)
        }
    }

    @Test func `Who announces a body waits for no more than the server's consent`() async throws {
        try await withServer { _, port, _ in
            let connection = try RawConnection(port: port)
            await connection.send(
                "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            let consent = await connection.receive { $0.range(of: Data("\r\n\r\n".utf8)) != nil }
            #expect(consent.starts(with: Data("HTTP/1.1 100".utf8)))
            await connection.send("abc")
            #expect(Reply(await connection.receiveAll())?.text.hasSuffix(" 3") == true)
        }
    }

    @Test(arguments: [
        "GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET /%ff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /?%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /%0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", "nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
    ])
    func `What is no request is answered with 400`(_ text: String) async throws {
        try await withServer { _, port, _ in
            let connection = try RawConnection(port: port)
            await connection.send(text)
            #expect(Reply(await connection.receiveAll())?.status == 400)
        }
    }

    @Test func `A head beyond all measure is refused`() async throws {
        try await withServer { _, port, _ in
            let connection = try RawConnection(port: port)
            await connection.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "x", count: 1 << 20))\r\n\r\n")
            let answer = await connection.receiveAll()
            #expect(Reply(answer).map { $0.status == 400 || $0.status == 431 } ?? true)
            #expect(try await ask("GET", "/", port: port)?.status == 200)
        }
    }

    @Test func `A body that is too large is refused, announced or not`() async throws {
        try await withServer {
            $0.body = 100_000
        } _: { _, port, _ in
            #expect(try await ask("POST", "/", port: port, body: Data(count: 100_001))?.status == 413)
            let connection = try RawConnection(port: port)
            let chunk = "8000\r\n" + String(repeating: "x", count: 0x8000) + "\r\n"
            await connection.send(
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: 5))
            #expect(Reply(await connection.receiveAll())?.status == 413)
            #expect(try await ask("POST", "/", port: port, body: Data(count: 100_000))?.status == 200)
        }
    }

    @Test func `All bodies together are bounded, and room is given back`() async throws {
        try await withServer {
            $0.bodies = 300_000
        } _: { server, port, echo in
            let first = try RawConnection(port: port)
            await first.send("POST /wait HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\nConnection: close\r\n\r\n")
            await first.send(Data(count: 200_000))
            await echo.begun.wait()
            #expect(try await ask("POST", "/", port: port, body: Data(count: 200_000))?.status == 503)
            echo.mayEnd.raise()
            #expect(Reply(await first.receiveAll())?.status == 200)
            #expect(try await ask("POST", "/", port: port, body: Data(count: 200_000))?.status == 200)
        }
    }

    @Test func `Who is refused by the head need not send the body`() async throws {
        try await withServer { _, port, _ in
            let connection = try RawConnection(port: port)
            await connection.send("POST /refused HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n")
            #expect(Reply(await connection.receiveAll())?.status == 403)
        }
    }

    @Test(arguments: ["", "GET / HTTP/1.1\r\nHost: loc", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc"])
    func `A client that stops in the middle is left, and serves no others worse`(_ start: String) async throws {
        try await withServer { limits in
            (limits.headTime, limits.pieceTime) = (.milliseconds(300), .milliseconds(300))
        } _: { _, port, _ in
            let connection = try RawConnection(port: port)
            await connection.send(start)
            // The end comes from the server: the client never closes.
            #expect(await connection.receiveAll().isEmpty)
            #expect(try await ask("GET", "/", port: port)?.status == 200)
        }
    }

    @Test func `A client that sends a byte now and then is left as well`() async throws {
        try await withServer { limits in
            (limits.headTime, limits.pieceTime, limits.bodyTime) = (.milliseconds(500), .seconds(5), .milliseconds(500))
        } _: { _, port, _ in
            for start in [
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: ", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n",
            ] {
                let connection = try RawConnection(port: port)
                await connection.send(start)
                let trickle = Task {
                    while !Task.isCancelled {
                        await connection.send("x")
                        try? await Task.sleep(for: .milliseconds(20))
                    }
                }
                #expect(await connection.receiveAll().isEmpty)
                trickle.cancel()
            }
        }
    }

    @Test func `An idle connection is closed after a while`() async throws {
        try await withServer {
            $0.idleTime = .milliseconds(200)
        } _: { _, port, _ in
            let connection = try RawConnection(port: port)
            await connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(Reply(await connection.receiveAll())?.status == 200)
        }
    }

    @Test func `A client that does not read its answer is left`() async throws {
        try await withServer {
            $0.sendTime = .milliseconds(300)
        } _: { server, port, _ in
            let connection = try RawConnection(port: port, receiveBuffer: 4096)
            await connection.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while server.connections.isEmpty { await Task.yield() }
            while !server.connections.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            withExtendedLifetime(connection) {}
        }
    }

    @Test func `One connection too many is refused, until there is room`() async throws {
        try await withServer {
            $0.connections = 2
        } _: { server, port, _ in
            let first = try RawConnection(port: port)
            await first.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            _ = await first.receive { $0.count > 0 }
            let second = try RawConnection(port: port)
            await second.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            _ = await second.receive { $0.count > 0 }
            let third = try RawConnection(port: port)
            #expect(Reply(await third.receiveAll())?.status == 503)
            first.abandon()
            while true {
                if try await ask("GET", "/", port: port)?.status == 200 { break }
            }
        }
    }

    @Test func `What is computed for a client that leaves is cancelled`() async throws {
        try await withServer { _, port, echo in
            let connection = try RawConnection(port: port)
            await connection.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await echo.begun.wait()
            connection.abandon()
            await echo.cancelled.wait()
        }
    }

    @Test func `A server that stops ends what it has begun, and takes nothing new`() async throws {
        try await withServer { server, port, echo in
            let idle = try RawConnection(port: port)
            await idle.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            _ = await idle.receive { $0.suffix(2) == Data(" 0".utf8) }
            let busy = try RawConnection(port: port)
            await busy.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await echo.begun.wait()
            let stopping = Task { await server.stop() }
            #expect(await idle.receiveAll().isEmpty)
            #expect(throws: (any Error).self) { try RawConnection(port: port) }
            echo.mayEnd.raise()
            let reply = Reply(await busy.receiveAll())
            #expect(reply?.text == "waited" && reply?.headers["connection"] == "close")
            await stopping.value
            #expect(!echo.cancelled.isRaised)
        }
    }

    @Test func `Events come with their numbers`() async throws {
        try await withServer { _, port, _ in
            let reply = try await ask("GET", "/stream", port: port)
            #expect(reply?.headers["content-type"] == "text/event-stream")
            #expect(reply?.text == "id: 0\nevent: number\ndata: 0\n\nid: 1\nevent: number\ndata: 1\n\nid: 2\nevent: number\ndata: 2\n\n")
        }
    }

    @Test func `A million malformed bytes of heads and targets are read or refused`() {
        let targets = ["/a%20b/c?x=1+2&y=%C3%A4", "/v1/pictures/%2e%2e%2f?count=5", "/ws/socket.io/?EIO=4&transport=polling&sid=a"]
        var (read, refused) = (0, 0)
        withMalformedBytes(targets.map { Data($0.utf8) }, seed: 8) { bytes in
            let target = String(decoding: bytes, as: UTF8.self)
            var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target)
            head.headers.add(name: "Host", value: target)
            head.headers.add(name: "Content-Type", value: target)
            if let request = Request(head) {
                read += 1
                #expect(!request.host.contains(":") && !request.contentType.contains(";"))
            } else {
                refused += 1
            }
        }
        #expect(read > 1000 && refused > 1000)
    }

    @Test func `A million malformed bytes of JSON are read or refused`() {
        let bodies = [
            #"{"picture":"00","set":["3=5"],"steps":3,"size":"model","recipe":{"fader":1,"edits":[]}}"#,
            #"{"prompt":"night","negativePrompt":"day","seed":7,"guidance":2.5e0,"start":"noise","format":"webp"}"#,
            #"{"image_embeds":[[1,-2.5]],"inv_latents":[[[[1e3,2]]]],"feature_idx":[1],"feature_val":[0.5],"height":8,"width":null}"#,
        ]
        var (read, refused) = (0, 0)
        withMalformedBytes(bodies.map { Data($0.utf8) }, seed: 9) { bytes in
            for parse in [{ _ = try RenderBody($0) }, { _ = try GenerateRequest(data: $0, name: "the body") }] as [(Data) throws -> Void] {
                do {
                    try parse(bytes)
                    read += 1
                } catch {
                    refused += 1
                    let failure = HTTPFailure(error)
                    #expect((400..<500).contains(failure.status.code), "\(String(decoding: bytes, as: UTF8.self)): \(failure.sentence)")
                }
            }
        }
        #expect(read > 10 && refused > 1000)
    }

    @Test func `A million malformed bytes are answered or left, and the server goes on`() async throws {
        let form = multipart(["n": "5"], image: Data((0..<8000).map { UInt8($0 % 256) }))
        let requests = [
            Data("GET /a/b?c=d&e=%41 HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nConnection: close\r\n\r\n".utf8),
            Data("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(form.type)\r\nContent-Length: \(form.body.count)\r\n\r\n".utf8)
                + form.body,
            Data("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n".utf8),
            Data(
                "GET /ws/socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
                    .utf8),
        ]
        try await withServer { limits in
            (limits.headTime, limits.pieceTime, limits.idleTime) = (.milliseconds(50), .milliseconds(50), .milliseconds(50))
        } _: { _, port, _ in
            var made: [Data] = []
            withMalformedBytes(requests, seed: 2026) { made.append($0) }
            let damaged = made
            try await withThrowingTaskGroup(of: Void.self) { group in
                for start in 0..<16 {
                    group.addTask {
                        for place in stride(from: start, to: damaged.count, by: 16) {
                            let connection = try RawConnection(port: port)
                            await connection.send(damaged[place])
                            let answer = await connection.receiveAll()
                            #expect(answer.isEmpty || Reply(answer).map { (200..<500).contains($0.status) } == true)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await ask("GET", "/", port: port)?.status == 200)
        }
    }
}

/// Something that happens once, and that others wait for.
final class Flag: Sendable {
    private let state = Mutex<(isRaised: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    var isRaised: Bool { state.withLock(\.isRaised) }

    func raise() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isRaised = state.withLock { state in
                if !state.isRaised { state.waiting.append(continuation) }
                return state.isRaised
            }
            if isRaised { continuation.resume() }
        }
    }
}
