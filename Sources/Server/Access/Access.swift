import Foundation
import NIOHTTP1

/// Who may ask: whoever names the token, or, without one, programs on this machine and the server's own page.
///
/// A page of another site that a browser has open is a program on this machine too, and must not drive the server unasked. So a foreign `Origin` is
/// refused unless it is allowed by name, and without a token so is a `Host` that is not loopback's: a name that some other site has made to mean
/// 127.0.0.1.
struct Access: Sendable {
    private let token: [UInt8]?
    /// Names of hosts that are answered without a token, besides those of loopback.
    private let hosts: Set<String>
    /// In lower case; `*` allows all.
    private let origins: Set<String>

    init(token: String?, hosts: Set<String>, origins: [String]) {
        self.token = token.map { Array($0.utf8) }
        self.hosts = hosts
        self.origins = Set(origins.map { $0.lowercased() })
    }

    /// Why a request is refused; nil when it is not.
    func refusal(of request: Request) -> HTTPFailure? {
        if token == nil, !ListenAddress.isLoopback(request.host), !hosts.contains(request.host) {
            return HTTPFailure(.forbidden, "This server answers only to its own names, not to \"\(request.host.prefix(100))\".")
        }
        if let origin = request.headers.first(name: "origin") {
            guard isOwn(origin, of: request) || isAllowed(origin) else {
                return HTTPFailure(.forbidden, "Pages of \(origin.prefix(100)) may not use this server; --allow-origin lets them.")
            }
        } else if let site = request.headers.first(name: "sec-fetch-site"), ["cross-site", "same-site"].contains(site.lowercased()),
            request.headers.first(name: "sec-fetch-mode")?.lowercased() != "navigate",
            !request.headers["referer"].contains(where: isAllowedPage)
        {
            return HTTPFailure(.forbidden, "Pages of other sites may not use this server; --allow-origin lets them.")
        }
        return nil
    }

    /// Whether a request names the token, where there is one: as a bearer, or as the password of any user, which browsers ask for.
    func isAuthorised(_ request: Request) -> Bool {
        guard let token else { return true }
        return request.headers["authorization"].contains { field in
            let parts = field.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { return false }
            switch parts[0].lowercased() {
            case "bearer": return Self.areEqual(Array(parts[1].utf8), token)
            case "basic":
                guard let pair = Data(base64Encoded: String(parts[1])), let colon = pair.firstIndex(of: UInt8(ascii: ":")) else {
                    return false
                }
                return Self.areEqual(Array(pair[pair.index(after: colon)...]), token)
            default: return false
            }
        }
    }

    /// What lets a page of an allowed origin read an answer.
    func headers(for request: Request) -> HTTPHeaders {
        guard let origin = request.headers.first(name: "origin"), isAllowed(origin) else { return [:] }
        var headers: HTTPHeaders = ["Access-Control-Allow-Origin": origin, "Vary": "Origin"]
        if token != nil { headers.add(name: "Access-Control-Allow-Credentials", value: "true") }
        return headers
    }

    /// The answer to a browser that asks whether its page may send a request; nil where this is no such question.
    func preflight(_ request: Request) -> Response? {
        guard request.method == .OPTIONS, request.headers.contains(name: "access-control-request-method") else { return nil }
        return Response(.noContent)
            .adding("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE")
            .adding("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID")
            .adding("Access-Control-Allow-Private-Network", "true")
            .adding("Access-Control-Max-Age", "600")
    }

    private func isAllowed(_ origin: String) -> Bool { origins.contains(origin.lowercased()) || origins.contains("*") }

    /// Whether a page is of an origin that is allowed; what it embeds comes without an `Origin`.
    private func isAllowedPage(_ address: String) -> Bool {
        let parts = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count >= 3 && isAllowed("\(parts[0])//\(parts[2])")
    }

    /// Whether a page of this server asks; a proxy before it may speak TLS.
    private func isOwn(_ origin: String, of request: Request) -> Bool {
        guard let host = request.headers.first(name: "host")?.lowercased() else { return false }
        return ["http://\(host)", "https://\(host)"].contains(origin.lowercased())
    }

    /// Takes as long wherever the two differ.
    private static func areEqual(_ guess: [UInt8], _ secret: [UInt8]) -> Bool {
        var difference = guess.count ^ secret.count
        for (place, byte) in secret.enumerated() { difference |= Int(byte ^ (place < guess.count ? guess[place] : ~byte)) }
        return difference == 0
    }
}
