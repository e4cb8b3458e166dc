import NIOHTTP1
import Testing

@testable import Server

@Suite struct AccessTests {
    private let open = Access(token: nil, hosts: ["preprocess.localhost"], origins: ["http://localhost:3000"])
    private let locked = Access(token: "a-token-of-16-or-more", hosts: [], origins: [])

    private func request(_ headers: [(String, String)], host: String = "127.0.0.1:7860", _ method: HTTPMethod = .GET) throws -> Request {
        try #require(
            Request(HTTPRequestHead(version: .http1_1, method: method, uri: "/", headers: HTTPHeaders([("Host", host)] + headers))))
    }

    @Test(arguments: ["127.0.0.1:7860", "localhost", "LOCALHOST:1", "[::1]:7860", "127.9.9.9", "preprocess.localhost:7860"])
    func `A server without a token answers to names of this machine`(_ host: String) throws {
        try #expect(open.refusal(of: request([], host: host)) == nil)
    }

    @Test(arguments: [
        "example.org", "example.org:7860", "127.0.0.1.example.org", "localhost.example.org", "", "10.0.0.1", "[::2]", "other.localhost",
    ])
    func `A name that another site has made to mean this machine is refused`(_ host: String) throws {
        try #expect(open.refusal(of: request([], host: host))?.status == .forbidden)
    }

    @Test(arguments: ["http://example.org", "http://127.0.0.1:7861", "http://127.0.0.1", "null", "http://localhost:30000", "file://", ""])
    func `A page of another origin is refused, with a token or without`(_ origin: String) throws {
        try #expect(open.refusal(of: request([("Origin", origin)]))?.status == .forbidden)
        try #expect(locked.refusal(of: request([("Origin", origin)]))?.status == .forbidden)
    }

    @Test func `The server's own page and pages that are allowed may ask`() throws {
        try #expect(open.refusal(of: request([("Origin", "http://127.0.0.1:7860")])) == nil)
        try #expect(locked.refusal(of: request([("Origin", "https://fader.example.org")], host: "fader.example.org")) == nil)
        let allowed = try request([("Origin", "http://LOCALHOST:3000")])
        #expect(open.refusal(of: allowed) == nil)
        #expect(open.headers(for: allowed).first(name: "Access-Control-Allow-Origin") == "http://LOCALHOST:3000")
        try #expect(open.headers(for: request([("Origin", "http://127.0.0.1:7860")])).isEmpty)
    }

    @Test func `What another site embeds is refused, but following a link is not`() throws {
        try #expect(open.refusal(of: request([("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")]))?.status == .forbidden)
        try #expect(open.refusal(of: request([("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")])) == nil)
        try #expect(open.refusal(of: request([("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors")])) == nil)
    }

    @Test func `What a page of an allowed origin embeds is answered`() throws {
        let image = [("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "no-cors")]
        try #expect(open.refusal(of: request(image + [("Referer", "http://localhost:3000/a/b")])) == nil)
        for page in [
            "http://localhost:30000/", "http://example.org/http://localhost:3000/", "http://localhost:3000.example.org/", "", "//",
        ] {
            try #expect(open.refusal(of: request(image + [("Referer", page)]))?.status == .forbidden)
        }
    }

    @Test func `The token is taken as a bearer and as a password`() throws {
        try #expect(locked.isAuthorised(request([("Authorization", "Bearer a-token-of-16-or-more")])))
        // Of any user: "me:a-token-of-16-or-more".
        try #expect(locked.isAuthorised(request([("Authorization", "Basic bWU6YS10b2tlbi1vZi0xNi1vci1tb3Jl")])))
        try #expect(open.isAuthorised(request([])))
    }

    @Test(arguments: [
        "", "Bearer", "Bearer ", "Bearer a-token-of-16-or-mor", "Bearer a-token-of-16-or-more!", "Basic bWU6", "Basic ?",
        "a-token-of-16-or-more",
    ])
    func `Anything else is no token`(_ field: String) throws {
        try #expect(!locked.isAuthorised(request([("Authorization", field)])))
    }

    @Test func `A browser's question before a request is answered, for pages that may ask`() throws {
        let question = try request([("Origin", "http://localhost:3000"), ("Access-Control-Request-Method", "POST")], .OPTIONS)
        #expect(open.preflight(question)?.status == .noContent)
        try #expect(open.preflight(request([], .OPTIONS)) == nil)
    }
}
