import Foundation
import Pictures
import TestSupport
import Testing

@testable import Server

/// The interface of the text-editing server, as its own front end and python-socketio use it.
@Suite(.serialized) struct TextEditingTests {
    private struct Paths: Decodable, Equatable {
        let image, restored: String

        private enum CodingKeys: String, CodingKey {
            case image = "image_path"
            case restored = "restored_path"
        }
    }
    private struct Detail: Decodable { let detail: [Entry] }
    private struct Entry: Decodable { let msg: String }
    private struct Failure: Decodable { let err: String }

    @Test func `There are no mappers yet`() async throws {
        try await RunningServer.with { server async throws in #expect(try await server.get("/mappers")?.text == "[]") }
    }

    @Test func `What cannot be edited is refused as the original does`() async throws {
        try await RunningServer.with { server in
            let form = multipart(image: try RunningServer.sample)
            let neither = try #require(try await server.post("/edit", type: form.type, form.body))
            #expect(neither.status == 400)
            #expect(try neither.json(Failure.self).err.isEmpty == false)
            let mapper = try #require(try await server.post("/edit?mapper=beard", type: form.type, form.body))
            #expect(mapper.status == 422)
            #expect(try mapper.json(Detail.self).detail[0].msg.contains("\"beard\""))
            for (target, image) in [
                ("/edit?prompt=night", nil), ("/edit?prompt=123", try RunningServer.sample), ("/edit?prompt=night", Data("x".utf8)),
            ] {
                let form = multipart(image: image)
                let reply = try #require(try await server.post(target, type: form.type, form.body))
                #expect(reply.status == 422)
                #expect(try !reply.json(Detail.self).detail.isEmpty)
            }
        }
    }

    @Test func `An edit is named at once, and its pictures can be fetched when it is done`() async throws {
        try await RunningServer.with { server in
            let form = multipart(image: try RunningServer.sample)
            let reply = try #require(try await server.post("/edit?prompt=night&mapper=beard", type: form.type, form.body))
            #expect(reply.status == 200)
            let paths = try reply.json(Paths.self)
            for path in [paths.image, paths.restored] {
                while try await server.get("/image/\(path)")?.status != 200 { try await Task.sleep(for: .milliseconds(50)) }
            }
            let edited = try #require(try await server.get("/images/\(paths.image)"))
            let restored = try #require(try await server.get("/image/\(paths.restored)"))
            let original = try Picture(data: RunningServer.sample, name: "sample")
            let pictures = try [edited, restored].map { try Picture(data: $0.body, name: "edited") }
            #expect(pictures.allSatisfy { ($0.width, $0.height) == (original.width, original.height) })
            #expect(pictures[0] != pictures[1])
            #expect(original.distance(to: pictures[1]) < original.distance(to: pictures[0]))
        }
    }

    @Test func `An edit is a job of the queue: it is made by the next server when this one is stopped`() async throws {
        struct Jobs: Decodable {
            struct Row: Decodable { let kind, state: String }
            let jobs: [Row]
        }
        let folder = try TemporaryFolder()
        var paths: [Paths] = []
        try await RunningServer.with(in: folder) { server in
            let id = try await server.upload()
            // Edits wait behind it.
            _ = try await server.post(json: "{\"picture\":\"\(id)\",\"steps\":1000}", to: "/v1/jobs")
            let form = multipart(image: try RunningServer.sample)
            for prompt in ["night", "day"] {
                let reply = try await server.post("/edit?prompt=\(prompt)&sid=somebody", type: form.type, form.body)
                paths.append(try #require(reply).json(Paths.self))
            }
            let jobs = try #require(try await server.get("/v1/jobs")).json(Jobs.self).jobs
            #expect(jobs.filter { $0.kind == "edit" }.map(\.state) == ["queued", "queued"])
            #expect(try await server.get("/image/\(paths[0].image)")?.status == 404)
        }
        try await RunningServer.with(in: folder) { server async throws in
            #expect(try await ask("DELETE", "/v1/jobs/1", port: server.port)?.status == 200)
            for path in paths.flatMap({ [$0.image, $0.restored] }) {
                while try await server.get("/image/\(path)")?.status != 200 { try await Task.sleep(for: .milliseconds(50)) }
            }
            let jobs = try #require(try await server.get("/v1/jobs")).json(Jobs.self).jobs
            #expect(jobs.filter { $0.kind == "edit" }.allSatisfy { $0.state == "completed" })
        }
    }

    @Test func `An edit that cannot be made is told to who waits for it`() async throws {
        try await RunningServer.with { server in
            let client = try await PollingClient(server.port)
            let form = multipart(image: try RunningServer.sample)
            // Longer than the text tower reads.
            let prompt = [String](repeating: "night", count: 80).joined(separator: "+")
            let reply = try await server.post("/edit?prompt=\(prompt)&sid=\(client.socketID)", type: form.type, form.body)
            try #require(reply?.status == 200)
            var heard: [String] = []
            while !heard.contains(where: { $0.hasPrefix("42[\"image_edit") }) { heard += try await client.poll() }
            #expect(heard.last?.hasPrefix("42[\"image_edit_error\",{\"error\":\"") == true && heard.last?.contains("/") == false)
        }
    }

    @Test func `Two uploads of one name do not collide`() async throws {
        try await RunningServer.with { server in
            let form = multipart(image: try RunningServer.sample)
            let first = try await server.post("/edit?prompt=night", type: form.type, form.body)?.json(Paths.self)
            let second = try await server.post("/edit?prompt=day", type: form.type, form.body)?.json(Paths.self)
            #expect(first?.image != second?.image)
        }
    }

    @Test func `A client that polls hears of its own edit and of no other`() async throws {
        try await RunningServer.with { server in
            let first = try await PollingClient(server.port)
            let other = try await PollingClient(server.port)
            let form = multipart(image: try RunningServer.sample)
            let reply = try #require(try await server.post("/edit?prompt=night&sid=\(first.socketID)", type: form.type, form.body))
            let paths = try reply.json(Paths.self)
            var heard: [String] = []
            while !heard.contains(where: { $0.hasPrefix("42[\"image_edit") }) { heard += try await first.poll() }
            #expect(heard.first == "42[\"image_processing\",{\"step\":10,\"steps\":20}]")
            #expect(
                heard.last == "42[\"image_edited\",{\"image_path\":\"\(paths.image)\",\"restored_path\":\"\(paths.restored)\"}]")
            // The other has nothing but what it asks for itself.
            try await other.say("2x")
            #expect(try await other.poll() == ["3x"])
        }
    }

    @Test func `What is wrong with a poll is told as Engine.IO does`() async throws {
        try await RunningServer.with { server in
            for (query, code) in [
                ("transport=polling", 5), ("EIO=3&transport=polling", 5), ("EIO=4", 0), ("EIO=4&transport=carrier-pigeon", 0),
                ("EIO=4&transport=polling&sid=unknown", 1), ("EIO=4&transport=websocket", 3),
            ] {
                let reply = try #require(try await server.get("/ws/socket.io/?\(query)"))
                #expect(reply.status == 400)
                #expect(reply.text.hasPrefix("{\"code\":\(code),"), "\(query)")
            }
            let post = try await server.post("/ws/socket.io/?EIO=4&transport=polling", type: "text/plain", Data("40".utf8))
            #expect(post?.text.hasPrefix("{\"code\":2,") == true)
            let client = try await PollingClient(server.port)
            #expect(try await client.say("x") == 400)
            #expect(try await client.say("40") == 400, "a session that spoke nonsense is closed")
        }
    }

    @Test func `Damaged polls are refused, and others are served on`() async throws {
        var generator = SeededGenerator(seed: 7)
        let body = Data("40\u{1e}42[\"a\",{\"b\":[1,2]}]\u{1e}2probe\u{1e}3".utf8)
        try await RunningServer.with { server in
            var client = try await PollingClient(server.port)
            for _ in 0..<300 {
                let status = try await client.say(body.damaged(&generator))
                #expect(status == 200 || status == 400)
                if status == 400 { client = try await PollingClient(server.port) }
            }
            #expect(try await server.get("/mappers")?.status == 200)
        }
    }

    @Test func `A WebSocket of another origin, or for another path, is refused`() async throws {
        try await RunningServer.with { server async throws in
            func status(_ target: String, origin: String) async throws -> Int? {
                try await ask(
                    "GET", target, port: server.port,
                    headers: [
                        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": origin,
                    ])?.status
            }
            let own = "http://127.0.0.1:\(server.port)"
            #expect(try await status("/ws/socket.io/?EIO=4&transport=websocket", origin: "http://example.org") == 403)
            #expect(try await status("/mappers/ws", origin: own) == 404)
        }
    }

    private static let python = RunningServer.repository.appendingPathComponent(".deps/clients/bin/python").path

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: python), "python-socketio is not installed; make test-tools installs it."),
        arguments: ["polling", "websocket", "upgrade"])
    func `python-socketio hears of its edit`(_ transport: String) async throws {
        try await RunningServer.with { server in
            let script = RunningServer.repository.appendingPathComponent("Tests/ServerTests/Clients/socketio_client.py").path
            let sample = RunningServer.repository.appendingPathComponent("assets/samples/01.png").path
            let lines = try await output(of: Self.python, [script, "http://127.0.0.1:\(server.port)", transport, sample, "night"])
            let events = try lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [Any]) }
            let names = events.compactMap { $0[0] as? String }
            #expect(names.first == "transport" && names.last == "image_edited")
            #expect(events[0][1] as? String == (transport == "polling" ? "polling" : "websocket"))
            #expect(names.filter { $0 == "image_processing" }.count == 2)
            let answer = try #require(events.first { $0[0] as? String == "answer" }?[1] as? [String: String])
            #expect(events.last?[1] as? [String: String] == answer)
        }
    }
}

/// A Socket.IO client that polls, packet by packet.
private struct PollingClient {
    private let port: Int
    private let id: String
    let socketID: String

    init(_ port: Int) async throws {
        struct Handshake: Decodable { let sid: String }
        self.port = port
        let opened = try #require(try await ask("GET", "/ws/socket.io/?EIO=4&transport=polling", port: port))
        id = try JSONDecoder().decode(Handshake.self, from: opened.body.dropFirst()).sid
        let target = "/ws/socket.io/?EIO=4&transport=polling&sid=\(id)"
        _ = try await ask("POST", target, port: port, body: Data("40".utf8))
        let connected = try #require(try await ask("GET", target, port: port))
        socketID = try JSONDecoder().decode(Handshake.self, from: connected.body.dropFirst(2)).sid
    }

    private var target: String { "/ws/socket.io/?EIO=4&transport=polling&sid=\(id)" }

    func poll() async throws -> [String] {
        let reply = try #require(try await ask("GET", target, port: port))
        return reply.text.unicodeScalars.split(separator: "\u{1e}").map { String(String.UnicodeScalarView($0)) }
    }

    @discardableResult
    func say(_ body: Data) async throws -> Int? { try await ask("POST", target, port: port, body: body)?.status }

    @discardableResult
    func say(_ text: String) async throws -> Int? { try await say(Data(text.utf8)) }
}

extension Picture {
    /// The mean difference of the samples.
    fileprivate func distance(to other: Picture) -> Double {
        Double(zip(pixels, other.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(pixels.count)
    }
}
