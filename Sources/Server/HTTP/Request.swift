import Foundation
import NIOHTTP1

/// A request as routes see it.
struct Request: Sendable {
    let method: HTTPMethod
    /// The path's parts, decoded; a slash at the end makes no part.
    let path: [String]
    /// The first value of each name.
    let query: [String: String]
    let headers: HTTPHeaders
    var body = Data()

    /// Nil for a target that is no path, escapes that are no UTF-8, or not exactly one Host.
    init?(_ head: HTTPRequestHead) {
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first, path.hasPrefix("/"), head.headers["host"].count == 1 else { return nil }
        var segments: [String] = []
        for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let decoded = segment.removingPercentEncoding else { return nil }
            segments.append(decoded)
        }
        if segments.last == "" { segments.removeLast() }
        guard let query = Self.query(parts.count > 1 ? parts[1] : "") else { return nil }
        (method, self.path, self.query, headers) = (head.method, segments, query, head.headers)
    }

    private static func query(_ text: Substring) -> [String: String]? {
        var query: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.replacing("+", with: " ").removingPercentEncoding }
            guard let name = sides[0], let value = sides.count > 1 ? sides[1] : "" else { return nil }
            if query[name] == nil { query[name] = value }
        }
        return query
    }

    /// The name or address that the client called, without the port, in lower case.
    var host: String {
        let host = (headers.first(name: "host") ?? "").lowercased()
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[host.index(after: host.startIndex)..<end]) }
        return String(host.prefix { $0 != ":" })
    }

    /// The media type of the body, in lower case without parameters.
    var contentType: String {
        let field = headers.first(name: "content-type") ?? ""
        return field.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
    }

    /// What the head says of the body's length; nil where it says nothing.
    var declaredLength: Int? { headers.first(name: "content-length").flatMap { Int($0) } }
}
