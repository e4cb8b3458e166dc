import Foundation
import NIOHTTP1

/// An answer.
struct Response: Sendable {
    enum Body: Sendable {
        case data(Data)
        /// What is written piece by piece while it comes about.
        case stream(@Sendable (BodyWriter) async throws -> Void)
    }

    var status: HTTPResponseStatus
    var headers: HTTPHeaders
    var body: Body
    /// Whether it goes on for as long as the client stays, so that a server that stops need not wait for its end.
    var isEndless = false

    init(_ status: HTTPResponseStatus = .ok, type: String? = nil, _ data: Data = Data()) {
        self.status = status
        headers = HTTPHeaders(type.map { [("Content-Type", $0)] } ?? [])
        body = .data(data)
    }

    /// - Throws: `EncodingError` for numbers that JSON cannot hold.
    static func json(_ value: some Encodable, _ status: HTTPResponseStatus = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Response(status, type: "application/json", try encoder.encode(value))
    }

    static func text(_ text: String, _ status: HTTPResponseStatus = .ok) -> Response {
        Response(status, type: "text/plain; charset=UTF-8", Data(text.utf8))
    }

    /// Server-sent events.
    static func events(isEndless: Bool, _ write: @escaping @Sendable (BodyWriter) async throws -> Void) -> Response {
        var response = Response(type: "text/event-stream")
        response.body = .stream(write)
        response.isEndless = isEndless
        return response
    }

    func adding(_ name: String, _ value: String) -> Response {
        var response = self
        response.headers.replaceOrAdd(name: name, value: value)
        return response
    }
}

/// Takes the pieces of a body, each when the client has room for it.
struct BodyWriter: Sendable {
    let write: @Sendable (Data) async throws -> Void

    /// Writes a server-sent event.
    /// - Parameter id: what a client that comes again names as the last it has seen.
    func event(_ name: String, id: Int? = nil, _ value: some Encodable) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = String(decoding: try encoder.encode(value), as: UTF8.self)
        let number = id.map { "id: \($0)\n" } ?? ""
        try await write(Data("\(number)event: \(name)\ndata: \(data)\n\n".utf8))
    }

    /// Says that the server is still there; also how it finds out that the client is not.
    func heartbeat() async throws { try await write(Data(": \n\n".utf8)) }
}
