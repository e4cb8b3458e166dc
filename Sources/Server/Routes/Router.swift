import Foundation
import NIOHTTP1

/// One of the things that can be asked for.
struct Route: Sendable {
    /// How its interface tells an error.
    enum ErrorStyle: Sendable {
        /// `{"error": "…"}`
        case native
        /// `{"detail": [{"msg": "…"}]}`, as the feature playground's and the text-editing server's frameworks do.
        case detail
        /// `{"err": "…"}`, but `detail` for what does not validate.
        case editing
    }

    typealias Answer = @Sendable (Request, [String]) async throws -> Response

    let method: HTTPMethod
    /// Parts of the path; `{name}` stands for any.
    let pattern: [String]
    /// The only host that it is at; nil for all.
    let host: String?
    let style: ErrorStyle
    let answer: Answer

    /// - Parameter place: a path, with or without a host before it.
    init(_ method: HTTPMethod, _ place: String, style: ErrorStyle = .native, _ answer: @escaping Answer) {
        let parts = place.split(separator: "/", omittingEmptySubsequences: false)
        self.method = method
        host = parts[0].isEmpty ? nil : parts[0].lowercased()
        pattern = parts.dropFirst().filter { !$0.isEmpty }.map(String.init)
        self.style = style
        self.answer = answer
    }

    /// What stands at the places of the pattern; nil when the request is for something else.
    func places(in request: Request) -> [String]? {
        guard host == nil || host == request.host, request.path.count == pattern.count else { return nil }
        var places: [String] = []
        for (part, own) in zip(request.path, pattern) {
            if own.hasPrefix("{") { places.append(part) } else if part != own { return nil }
        }
        return places
    }

    func failure(_ failure: HTTPFailure) -> Response {
        let isInvalid = [.unprocessableEntity, .unsupportedMediaType].contains(failure.status)
        let response: Response? =
            switch style {
            case .editing where !isInvalid: try? .json(["err": failure.sentence], failure.status)
            case .detail, .editing:
                try? .json(["detail": [Detail(loc: ["body"], msg: failure.sentence, type: "value_error")]], failure.status)
            case .native: nil
            }
        return response ?? failure.response
    }

    private struct Detail: Encodable {
        let loc: [String]
        let msg, type: String
    }
}

/// Finds the route of a request.
struct Router: Sendable {
    private let routes: [Route]

    /// - Parameter routes: those of one host before those of all, where both have a path.
    init(_ routes: [Route]) { self.routes = routes.filter { $0.host != nil } + routes.filter { $0.host == nil } }

    /// The methods and paths that there are.
    var places: [String] { routes.map { "\($0.method.rawValue) /\($0.pattern.joined(separator: "/"))" } }

    /// - Throws: `HTTPFailure` when there is nothing at the path, or nothing of this method.
    func route(of request: Request) throws -> (route: Route, places: [String]) {
        let method = request.method == .HEAD ? .GET : request.method
        var allowed: Set<String> = []
        for route in routes {
            guard let places = route.places(in: request) else { continue }
            if route.method == method { return (route, places) }
            allowed.insert(route.method.rawValue)
        }
        if allowed.isEmpty { throw HTTPFailure(.notFound, "There is nothing at this path.") }
        throw NotAllowed(methods: allowed.sorted())
    }

    struct NotAllowed: Error {
        let methods: [String]

        var response: Response {
            HTTPFailure(.methodNotAllowed, "This path takes \(methods.joined(separator: " and ")).").response
                .adding("Allow", methods.joined(separator: ", "))
        }
    }
}
