import Foundation
import Jobs
import NIOHTTP1
import Steering
import Synchronization

/// How a server is set up.
public struct ServerOptions: Sendable {
    public var listen: ListenAddress
    /// What clients must name; nil where anybody on this machine may ask.
    public var token: String?
    /// Origins of pages that may use it, besides its own page: `http://localhost:3000`, or `*` for all.
    public var origins: [String]
    /// Where the feature playground's two requests are: a path, or a host and a path.
    public var preprocessPlace = "/preprocess_image"
    public var generatePlace = "/generate_image"
    /// Holds what is uploaded and made.
    public var folder: URL
    public var limits = Limits()

    public init(listen: ListenAddress, token: String? = nil, origins: [String] = [], folder: URL) {
        self.listen = listen
        self.token = token
        self.origins = origins
        self.folder = folder
    }

    /// - Throws: `ServerError` for what would let strangers in.
    public func requireSafety() throws {
        guard listen.isLoopback || token != nil else { throw ServerError.tokenNeeded(listen.description) }
        if let token, token.utf8.count < 16 || !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw ServerError.unsuitable(
                "A token must have at least 16 letters, digits or signs, and no spaces: openssl rand -hex 16 makes one.")
        }
        if origins.contains("*"), token == nil {
            throw ServerError.unsuitable(
                "Pages of every origin may use a server only with a --token: without one, any page could drive it.")
        }
        for place in [preprocessPlace, generatePlace] where !place.contains("/") {
            throw ServerError.unsuitable("\"\(place)\" is no path: it must begin with a slash, or a host and a slash.")
        }
    }
}

/// Serves one engine over HTTP: Fader's own interface, the feature playground's, the text-editing server's, and a page.
public final class Server: Sendable {
    private let http: HTTPServer
    private let tasks: [Task<Void, Never>]
    /// Every method and path that is answered.
    let places: [String]

    /// Begins to serve.
    /// - Parameters:
    ///   - engine: with a pack open.
    ///   - queue: the queue of jobs that clients may use.
    ///   - worker: works on that queue for as long as the server runs.
    ///   - log: is told a line of each request, without what is secret in it.
    /// - Throws: `ServerError`.
    public init(
        _ options: ServerOptions, engine: Engine, pack: PackSummary, queue: JobQueue, worker: JobWorker,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        try options.requireSafety()
        let store = try PictureStore(options.folder)
        let service = SteeringService(engine, pack, store, mostRequests: options.limits.requests)
        let hub = SocketHub()
        let editing = EditingRoutes(queue: queue, service: service, hub: hub, log: log)
        let exchange = ExchangeRoutes(service: service, preprocessPlace: options.preprocessPlace, generatePlace: options.generatePlace)
        let native = NativeRoutes(service: service).routes + JobRoutes(queue: queue, service: service).routes
        let routes = exchange.routes + native + editing.routes
        let access = Access(token: options.token, hosts: Set(routes.compactMap(\.host)), origins: options.origins)
        let router = Router(routes)
        places = router.places
        let last = try queue.lastEvent()
        let responder = Responder(router: router, access: access, hub: hub, log: log)
        http = try await HTTPServer(
            host: options.listen.host, port: options.listen.port, limits: options.limits, responder: responder, log: log)
        let working = Task {
            do { try await worker.run() } catch { if !Task.isCancelled { log("the queue of jobs cannot be worked on: \(error)") } }
        }
        tasks = [Task { await hub.run() }, Task { await editing.tellClients(after: last) }, working]
    }

    /// The port on which it listens.
    public var port: Int { http.address.port ?? 0 }

    /// Takes no more requests, and lets those in progress end for a while.
    public func stop() async {
        for task in tasks { task.cancel() }
        // Whoever waits here may be cancelled, and the grace is for the clients.
        await Task { await http.stop() }.value
        for task in tasks { await task.value }
    }
}

/// Checks who asks, and lets the routes answer.
struct Responder: HTTPResponder {
    let router: Router
    let access: Access
    let hub: SocketHub
    let log: @Sendable (String) -> Void

    private static let socketPath = ["ws", "socket.io"]

    func refusal(of request: Request) -> Response? {
        if let failure = access.refusal(of: request) { return failure.response }
        if let preflight = access.preflight(request) { return preflight }
        guard access.isAuthorised(request) else {
            return HTTPFailure(.unauthorized, "This server asks for its token: Authorization: Bearer TOKEN.").response
                .adding("WWW-Authenticate", "Basic realm=\"Fader\", charset=\"UTF-8\"")
        }
        do {
            _ = try router.route(of: request)
            return nil
        } catch let error as Router.NotAllowed {
            return error.response
        } catch {
            return HTTPFailure(error).response
        }
    }

    func response(to request: Request) async -> Response {
        guard let (route, places) = try? router.route(of: request) else { return Response(.notFound) }
        do {
            return try await route.answer(request, places)
        } catch {
            let failure = HTTPFailure(error)
            if failure.status.code >= 500 {
                log("\(request.method.rawValue) /\(request.path.joined(separator: "/").prefix(200)): \(error)")
            }
            return route.failure(failure)
        }
    }

    func commonHeaders(for request: Request) -> HTTPHeaders {
        var headers = access.headers(for: request)
        headers.add(name: "X-Content-Type-Options", value: "nosniff")
        headers.add(name: "Referrer-Policy", value: "no-referrer")
        headers.add(name: "Cache-Control", value: "no-store")
        return headers
    }

    func acceptsWebSocket(_ request: Request) -> Bool {
        request.path == Self.socketPath && access.refusal(of: request) == nil && access.isAuthorised(request) && hub.accepts(request)
    }

    func converse(over socket: WebSocket, _ request: Request) async throws { try await hub.converse(over: socket, request) }
}
