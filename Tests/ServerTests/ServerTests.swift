import Files
import Foundation
import Pictures
import Steering
import TestSupport
import Testing

@testable import Server

@Suite(.serialized) struct ServerTests {
    private struct Failure: Decodable { let error: String }
    private struct Detail: Decodable {
        struct Entry: Decodable { let msg: String }
        let detail: [Entry]
    }
    private struct Features: Decodable {
        struct Row: Decodable {
            let index: Int
            let label: String?
            let activation: Float
        }
        let features: [Row]
    }
    private struct Rendered: Decodable {
        let result, url: String
        let width, height: Int
    }

    // MARK: Fader's own interface

    @Test func `A picture is uploaded once, and comes back as it was`() async throws {
        try await RunningServer.with { server in
            let bytes = try RunningServer.sample
            let first = try await server.post("/v1/pictures", type: "image/png", bytes)
            #expect(first?.status == 201)
            let form = multipart(image: bytes)
            let second = try await server.post("/v1/pictures", type: form.type, form.body)
            #expect(second?.status == 200)
            #expect(second?.body == first?.body)
            let place = try #require(first?.headers["location"])
            let reply = try await server.get(place)
            #expect(reply?.body == bytes)
            #expect(reply?.headers["content-type"] == "image/png")
        }
    }

    @Test func `The features of a picture are those that the engine finds, named and strongest first`() async throws {
        try await RunningServer.with { server in
            let id = try await server.upload()
            let reply = try #require(try await server.get("/v1/pictures/\(id)/features?count=5"))
            let expected = try await server.engine.features(of: Picture(data: RunningServer.sample, name: "sample")).prefix(5)
            let rows = try reply.json(Features.self).features
            #expect(rows.map(\.index) == expected.map(\.index))
            #expect(rows.map(\.activation) == expected.map(\.activation))
            #expect(rows.map(\.label) == expected.map(\.label))
        }
    }

    @Test func `A render with an edit is the picture that the engine makes, and carries its recipe`() async throws {
        try await RunningServer.with { server in
            let id = try await server.upload()
            let reply = try #require(
                try await server.post(json: "{\"picture\":\"\(id)\",\"set\":[\"3=5\"],\"steps\":3}", to: "/v1/renders"))
            #expect(reply.status == 200)
            let rendered = try reply.json(Rendered.self)
            let file = try #require(try await server.get(rendered.url))
            let picture = try Picture(data: file.body, name: "result")
            let analysis = try await server.engine.analyse(Picture(data: RunningServer.sample, name: "sample"))
            var stack = EditStack()
            stack.set(feature: 3, to: 5)
            let expected = try await server.engine.render(
                RenderRequest(.picture(analysis.id), stack: stack, sampling: Sampling(steps: 3), size: .original))
            #expect(picture == expected)
            let recipe = try Recipe.contained(in: file.body, name: "result")
            #expect(recipe?.picture?.sha256 == id)
            #expect(recipe?.stack.edits.map(\.feature) == [3])
        }
    }

    @Test func `A render tells how far it is where events are asked for`() async throws {
        try await RunningServer.with { server in
            let id = try await server.upload()
            let reply = try #require(
                try await server.post(
                    json: "{\"picture\":\"\(id)\",\"steps\":4}", to: "/v1/renders", headers: ["Accept": "text/event-stream"]))
            #expect(reply.headers["content-type"] == "text/event-stream")
            let names = reply.text.components(separatedBy: "\n").filter { $0.hasPrefix("event: ") }
            #expect(names.last == "event: completed")
            #expect(names.dropLast().allSatisfy { $0 == "event: progress" } && names.count > 1)
            let wrong = try await server.post(
                json: "{\"picture\":\"\(id)\",\"set\":[\"99999=1\"]}", to: "/v1/renders", headers: ["Accept": "text/event-stream"])
            #expect(wrong?.text.hasPrefix("event: failed\ndata: {\"error\":\"There is no feature 99999") == true)
        }
    }

    @Test(arguments: [
        ("", 422), ("[]", 422), ("{}", 422), ("{\"picture\":\"x\",\"prompt\":\"y\"}", 422), ("{\"picture\":\"../../etc/passwd\"}", 404),
        ("{\"prompt\":\"night\",\"steps\":0}", 422), ("{\"prompt\":\"night\",\"guidance\":1e99}", 422),
        ("{\"prompt\":\"night\",\"set\":[\"no such label=1\"]}", 422), ("{\"prompt\":\"night\",\"set\":[\"x\"]}", 422),
        ("{\"prompt\":\"night\",\"directions\":[\"no such direction=1\"]}", 422), ("{\"prompt\":\"night\",\"inversion\":\"exact\"}", 422),
        ("{\"prompt\":1}", 422), ("{\"prompt\":\"night\",\"seed\":-1}", 422), (String(repeating: "[", count: 100_000), 422),
    ])
    func `A render that cannot be is refused in a sentence`(_ json: String, _ status: Int) async throws {
        try await RunningServer.with { server in
            let reply = try #require(try await server.post(json: json, to: "/v1/renders"))
            #expect(reply.status == status)
            #expect(try reply.json(Failure.self).error.hasSuffix("."))
        }
    }

    @Test func `The library is searched as the playground does it`() async throws {
        try await RunningServer.with { server in
            let reply = try #require(try await server.get("/v1/features?text=night"))
            let expected = try server.engine.library().features(matching: "night")
            #expect(try reply.json(ListedFeatures.self).features.map(\.index) == expected.map(\.index))
            #expect(!expected.isEmpty)
            #expect(try await server.get("/v1/features?order=meaning&text=dark%20sky")?.status == 200)
            #expect(try await server.get("/v1/features?order=likeness&feature=3")?.status == 200)
            for wrong in ["order=best", "order=likeness", "page=-1", "page=x", "feature=999999999"] {
                #expect(try await server.get("/v1/features?\(wrong)")?.status == 422)
            }
            #expect(try await server.get("/v1/features/3")?.status == 200)
            #expect(try await server.get("/v1/features/999999")?.status == 404)
        }
    }

    private struct ListedFeatures: Decodable {
        struct Row: Decodable { let index: Int }
        let features: [Row]
    }

    @Test func `The description has every path that the server answers, and no other`() async throws {
        struct Description: Decodable { let paths: [String: [String: Ignored]] }
        struct Ignored: Decodable {}
        try await RunningServer.with { server in
            let paths = try #require(try await server.get("/openapi.json")).json(Description.self).paths
            let described = Set(paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } })
            let unlisted: Set = ["GET /", "GET /openapi.json", "GET /ws/socket.io", "POST /ws/socket.io"]
            #expect(described.union(unlisted) == Set(server.server.places))
        }
    }

    @Test func `The page comes with a policy that lets nothing in from elsewhere`() async throws {
        try await RunningServer.with { server in
            let page = try #require(try await server.get("/"))
            #expect(page.headers["content-type"] == "text/html; charset=UTF-8")
            #expect(page.headers["content-security-policy"]?.contains("frame-ancestors 'none'") == true)
            #expect(!page.text.contains("http://") && !page.text.contains("https://"))
        }
    }

    // MARK: The feature playground's

    @Test func `Preprocessing and generating give what the commands print`() async throws {
        try await RunningServer.with { server in
            let form = multipart(["n_features": "2", "generate_icon": "false"], image: try RunningServer.sample)
            let reply = try #require(try await server.post("/preprocess_image", type: form.type, form.body))
            #expect(reply.status == 200)
            let numbers = try reply.json(Preprocessed.self)
            let expected = try await server.engine.preprocess(
                Picture(data: RunningServer.sample, name: "sample"), features: 2, invertSteps: server.pack.invertSteps)
            #expect(numbers.embeddings == expected.embeddings && numbers.latents == expected.latents)
            #expect(numbers.features.map(\.idx) == expected.features.map(\.idx))
            #expect((numbers.height, numbers.width) == (expected.height, expected.width))

            // As the front end asks, and without a size.
            let feature = numbers.features[0]
            let embeds = try JSONEncoder().encode(numbers.embeddings)
            let latents = try JSONEncoder().encode(numbers.latents)
            let start =
                "{\"image_embeds\":\(String(decoding: embeds, as: UTF8.self)),\"inv_latents\":\(String(decoding: latents, as: UTF8.self))"
            let edit = ",\"feature_idx\":[\(feature.idx)],\"feature_val\":[\(feature.activation * 2)]"
            let sized = try #require(
                try await server.post(
                    json: "\(start)\(edit),\"height\":\(numbers.height),\"width\":\(numbers.width)}", to: "/generate_image"))
            let unsized = try #require(try await server.post(json: "\(start)\(edit)}", to: "/generate_image"))
            #expect(sized.status == 200)
            #expect(sized.body == unsized.body)
            let address = try sized.json(Generated.self).images
            #expect(address.hasPrefix("data:image/png;base64,"))
            let bytes = try #require(Data(base64Encoded: String(address.dropFirst("data:image/png;base64,".count))))
            #expect(try Picture(data: bytes, name: "generated").width == numbers.width)
        }
    }

    @Test func `Three features are listed, and with icons, unless the fields say otherwise`() async throws {
        try await RunningServer.with { server in
            let three = multipart(["generate_icon": "false"], image: try RunningServer.sample)
            let listed = try #require(try await server.post("/preprocess_image", type: three.type, three.body)).json(Preprocessed.self)
            #expect(listed.features.count == 3 && listed.features.allSatisfy(\.icon.isEmpty))
            let one = multipart(["n_features": "1"], image: try RunningServer.sample)
            let shown = try #require(try await server.post("/preprocess_image", type: one.type, one.body)).json(Preprocessed.self)
            let icons = try #require(shown.features.first).icon
            #expect(!icons.isEmpty && icons.allSatisfy { $0.hasPrefix("data:image/png;base64,") })
        }
    }

    @Test func `What cannot be preprocessed or generated is refused with a detail`() async throws {
        try await RunningServer.with { server in
            func status(_ fields: [String: String] = [:], image: Data?, type: String? = nil) async throws -> Int? {
                let form = multipart(fields, image: image)
                let reply = try await server.post("/preprocess_image", type: type ?? form.type, form.body)
                #expect(try reply?.json(Detail.self).detail.first?.msg.isEmpty == false)
                return reply?.status
            }
            let sample = try RunningServer.sample
            #expect(try await status(image: nil) == 422)
            #expect(try await status(image: Data("no picture".utf8)) == 422)
            #expect(try await status(image: sample.prefix(1000)) == 422)
            #expect(try await status(["n_features": "-1"], image: sample) == 422)
            #expect(try await status(["n_features": "many"], image: sample) == 422)
            #expect(try await status(["generate_icon": "perhaps"], image: sample) == 422)
            #expect(try await status(image: sample, type: "application/json") == 415)
            #expect(try await status(image: sample, type: "multipart/form-data; boundary=other") == 400)
            #expect(try await server.post(json: "{\"image_embeds\":[]}", to: "/generate_image")?.status == 422)
            #expect(try await server.post(json: "{\"image_embeds\":[[1]],\"inv_latents\":[[[[1]]]]}", to: "/generate_image")?.status == 422)
            #expect(try await server.post("/generate_image", type: "text/plain", Data("{}".utf8))?.status == 415)
            #expect(try await server.get("/generate_image")?.status == 405)
        }
    }

    @Test func `The two requests can be the roots of hosts`() async throws {
        try await RunningServer.with { options in
            (options.preprocessPlace, options.generatePlace) = ("preprocess.localhost/", "generate.localhost/")
        } _: { server in
            let form = multipart(["n_features": "1", "generate_icon": "false"], image: try RunningServer.sample)
            #expect(try await server.post("/", type: form.type, form.body, headers: ["Host": "preprocess.localhost"])?.status == 200)
            #expect(try await server.post(json: "{}", to: "/", headers: ["Host": "generate.localhost"])?.status == 422)
            #expect(try await server.post(json: "{}", to: "/")?.status == 405)
            #expect(try await server.get("/", headers: ["Host": "other.localhost"])?.status == 403)
        }
    }

    // MARK: Safety

    @Test(arguments: ["image", "images", "v1/results", "v1/pictures"])
    func `Nothing but pictures of the server's own can be read`(_ place: String) async throws {
        try await RunningServer.with { server in
            let id = try await server.upload()
            let secret = try server.folder.file("secret.png", Data("secret".utf8))
            for path in [
                "..%2fsecret.png", "..%2F..%2F..%2F..%2Fetc%2Fpasswd", "%2e%2e%2fsecret.png", "%2Fetc%2Fpasswd", ".", "..", "%00", "",
                "..%5csecret.png", secret.path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "", "..%2fpictures%2f\(id)",
                String(repeating: "a", count: 32) + ".png%00", "../secret.png", String(repeating: "0", count: 64),
                "%EF%BC%8E%EF%BC%8E/secret.png",
            ] {
                let reply = try await server.get("/\(place)/\(path)")
                #expect([400, 404, 405].contains(reply?.status), "\(path)")
                #expect(reply?.text.contains("secret") == false)
            }
        }
    }

    @Test func `Only who names the token is answered, and the log does not have it`() async throws {
        try await RunningServer.with {
            $0.token = "a-token-of-16-or-more"
        } _: { server in
            let refused = try #require(try await server.get("/v1/packs"))
            #expect(refused.status == 401 && refused.headers["www-authenticate"]?.hasPrefix("Basic") == true)
            #expect(try await server.get("/v1/packs", headers: ["Authorization": "Bearer wrong"])?.status == 401)
            #expect(try await server.get("/v1/packs", headers: ["Authorization": "Bearer a-token-of-16-or-more"])?.status == 200)
            #expect(try await server.get("/ws/socket.io/?EIO=4&transport=polling")?.status == 401)
        }
    }

    @Test func `A page of an allowed origin may read answers, others may not even ask`() async throws {
        try await RunningServer.with {
            $0.origins = ["http://localhost:3000"]
        } _: { server in
            let allowed = try #require(try await server.get("/mappers", headers: ["Origin": "http://localhost:3000"]))
            #expect(allowed.status == 200 && allowed.headers["access-control-allow-origin"] == "http://localhost:3000")
            let asked = try #require(
                try await ask(
                    "OPTIONS", "/preprocess_image", port: server.port,
                    headers: ["Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"]))
            #expect(asked.status == 204 && asked.headers["access-control-allow-methods"]?.contains("POST") == true)
            let form = multipart(image: try RunningServer.sample)
            let foreign = try await server.post("/edit?prompt=night", type: form.type, form.body, headers: ["Origin": "http://example.org"])
            #expect(foreign?.status == 403)
            #expect(try await server.get("/", headers: ["Host": "rebound.example.org"])?.status == 403)
        }
    }

    @Test func `An address that others reach takes a token, and all origins take one too`() throws {
        let folder = FileManager.default.temporaryDirectory
        var options = ServerOptions(listen: try ListenAddress("0.0.0.0:0"), folder: folder)
        #expect(throws: ServerError.tokenNeeded("0.0.0.0:0")) { try options.requireSafety() }
        options.token = "short"
        #expect(throws: ServerError.self) { try options.requireSafety() }
        options.token = "a-token-of-16-or-more"
        try options.requireSafety()
        options = ServerOptions(listen: try ListenAddress("127.0.0.1:0"), origins: ["*"], folder: folder)
        #expect(throws: ServerError.self) { try options.requireSafety() }
    }

    @Test func `A picture of too many pixels or bytes is refused`() async throws {
        try await RunningServer.with {
            $0.limits.body = 100_000
        } _: { server async throws in
            #expect(try await server.post("/v1/pictures", type: "image/png", Data(count: 100_001))?.status == 413)
            // A PNG's head that promises 60,000 × 60,000 pixels.
            let bomb =
                Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8))
                + Data([0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0, 0, 0, 0, 0])
            #expect(try await server.post("/v1/pictures", type: "image/png", bomb)?.status == 422)
            #expect(try await server.post("/v1/pictures", type: "text/html", Data("<p>".utf8))?.status == 415)
        }
    }

    @Test(arguments: [(20_000, 10_001, true), (20_000, 10_000, false)])
    func `A picture of more than 200 megapixels is refused by its head`(_ width: UInt32, _ height: UInt32, _ isTooLarge: Bool) async throws
    {
        func bytes(_ number: UInt32) -> Data { withUnsafeBytes(of: number.bigEndian) { Data($0) } }
        func chunk(_ type: String, _ body: Data) -> Data {
            let content = Data(type.utf8) + body
            return bytes(UInt32(body.count)) + content + bytes(Checksum.crc32(content))
        }
        let head = chunk("IHDR", bytes(width) + bytes(height) + Data([8, 2, 0, 0, 0]))
        let file = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) + head + chunk("IEND", Data())
        let form = multipart(image: file)
        try await RunningServer.with { server async throws in
            for (path, type, body) in [
                ("/v1/pictures", "image/png", file), ("/preprocess_image", form.type, form.body),
                ("/edit?prompt=night", form.type, form.body),
            ] {
                let reply = try #require(try await server.post(path, type: type, body))
                #expect(reply.status == 422)
                #expect(reply.text.contains("larger than 65,535 pixels a side or 200 megapixels") == isTooLarge, "\(reply.text)")
            }
        }
    }

    @Test func `A short render does not wait until a long one is done`() async throws {
        try await RunningServer.with { server in
            let id = try await server.upload()
            let (long, begun) = try await renderUnderWay(server, "{\"picture\":\"\(id)\",\"steps\":300}")
            let other = try await server.upload()
            let short = "{\"picture\":\"\(other)\",\"seed\":1,\"steps\":2}"
            #expect(try await server.post(json: short, to: "/v1/renders")?.status == 200)
            let form = multipart(["n_features": "1", "generate_icon": "false"], image: try RunningServer.sample)
            #expect(try await server.post("/preprocess_image", type: form.type, form.body)?.status == 200)
            let heard = await begun + long.receive { _ in true }
            #expect(heard.range(of: Data("event: completed".utf8)) == nil)
            long.abandon()
        }
    }

    /// A render that has begun, since it tells of a step, and what was heard of it.
    private func renderUnderWay(_ server: RunningServer, _ json: String) async throws -> (connection: RawConnection, heard: Data) {
        let connection = try RawConnection(port: server.port)
        await connection.send(
            "POST /v1/renders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n"
                + "Connection: close\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)")
        return (connection, await connection.receive { $0.range(of: Data("event: progress".utf8)) != nil })
    }

    @Test func `More requests than may wait for the engine are refused`() async throws {
        try await RunningServer.with {
            $0.limits.requests = 1
        } _: { server in
            let id = try await server.upload()
            let json = "{\"picture\":\"\(id)\",\"steps\":200}"
            let (busy, _) = try await renderUnderWay(server, json)
            let refused = try #require(try await server.post(json: json, to: "/v1/renders"))
            #expect(refused.status == 503 && refused.headers["retry-after"] != nil)
            busy.abandon()
            // The engine is free again long before 200 steps are done.
            while try await server.post(json: "{\"picture\":\"\(id)\",\"steps\":1}", to: "/v1/renders")?.status != 200 {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
