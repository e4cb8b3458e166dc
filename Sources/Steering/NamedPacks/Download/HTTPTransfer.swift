import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One request to a server, and its answer piece by piece as it arrives.
final class HTTPTransfer: NSObject, URLSessionDataDelegate, Sendable {
    enum Event: Sendable {
        case answer(HTTPAnswer)
        case bytes(Data)
    }

    private struct State {
        var lastNews = ContinuousClock.now
        /// What servers on the way said of the file.
        var announced: [String: String] = [:]
    }

    private let address: String
    private let continuation: AsyncThrowingStream<Event, any Error>.Continuation
    private let state = Mutex(State())

    private init(_ address: String, _ continuation: AsyncThrowingStream<Event, any Error>.Continuation) {
        self.address = address
        self.continuation = continuation
    }

    /// - Parameter timeout: after how many seconds without news the transfer is given up.
    /// - Returns: the answer, then its bytes; ends with a `DownloadError`.
    static func events(of request: URLRequest, timeout: Double) -> AsyncThrowingStream<Event, any Error> {
        AsyncThrowingStream { continuation in
            let address = request.url?.absoluteString ?? ""
            let transfer = HTTPTransfer(address, continuation)
            let configuration = URLSessionConfiguration.ephemeral
            // Slower than the watch below, which knows of every piece.
            configuration.timeoutIntervalForRequest = timeout * 3
            let session = URLSession(configuration: configuration, delegate: transfer, delegateQueue: nil)
            let task = session.dataTask(with: request)
            let watch = Task {
                while !Task.isCancelled {
                    try await Task.sleep(for: .seconds(timeout / 5))
                    let silence = ContinuousClock.now - transfer.state.withLock { $0.lastNews }
                    if silence > .seconds(timeout) { continuation.finish(throwing: DownloadError.stalled(address, seconds: timeout)) }
                }
            }
            continuation.onTermination = { _ in
                watch.cancel()
                session.invalidateAndCancel()
            }
            task.resume()
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        let answer = HTTPAnswer(response)
        let announced = answer.headers.filter { ["x-linked-etag", "x-linked-size"].contains($0.key) }
        state.withLock { state in
            state.lastNews = .now
            state.announced.merge(announced) { first, _ in first }
        }
        // The places that the hub sends on to answer only the request that their address was signed for.
        if task.originalRequest?.httpMethod == "HEAD", !announced.isEmpty {
            // Finishing ends the session, and Foundation crashes when it is told how to go on after that.
            continuation.yield(.answer(HTTPAnswer(status: 200, headers: announced)))
            return continuation.finish()
        }
        guard request.url?.scheme == "https" || task.originalRequest?.url?.scheme == "http" else {
            return continuation.finish(throwing: DownloadError.untrusted(address))
        }
        completionHandler(request)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        let announced = state.withLock { state in
            state.lastNews = .now
            return state.announced
        }
        if let response = response as? HTTPURLResponse {
            var answer = HTTPAnswer(response)
            answer.headers.merge(announced) { $1 }
            continuation.yield(.answer(answer))
        }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        state.withLock { $0.lastNews = .now }
        continuation.yield(.bytes(data))
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let error else { return continuation.finish() }
        let code = (error as NSError).code
        let reason =
            switch URLError.Code(rawValue: code) {
            case .cannotFindHost, .dnsLookupFailed: "its name is not known"
            case .cannotConnectToHost: "it refuses the connection"
            case .networkConnectionLost, .unknown: "the connection was lost"
            case .httpTooManyRedirects: "it redirects in circles"
            case .timedOut: "it does not answer"
            case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateHasUnknownRoot:
                "its certificate is not trusted"
            default: "the network fails, with error \(code)"
            }
        continuation.finish(throwing: DownloadError.unreachable(address, reason: reason))
    }
}

/// What a server says before the bytes come.
struct HTTPAnswer: Sendable {
    var status: Int
    /// By their names in lower case.
    var headers: [String: String]

    init(status: Int, headers: [String: String]) {
        (self.status, self.headers) = (status, headers)
    }

    init(_ response: HTTPURLResponse) {
        let pairs = response.allHeaderFields.map { ("\($0.key)".lowercased(), "\($0.value)") }
        self.init(status: response.statusCode, headers: Dictionary(pairs) { $1 })
    }

    /// The SHA-256 of the file, where the server announces one: the hub's tag of a large file is that.
    var sha256: String? {
        let tags = ["x-linked-etag", "etag"].compactMap { headers[$0]?.trimmingCharacters(in: CharacterSet(charactersIn: "\" W/")) }
        return tags.first { $0.wholeMatch(of: /[0-9A-Fa-f]{64}/) != nil }?.lowercased()
    }

    /// The length of the file, where the server announces one and does not compress it.
    var length: Int? {
        if let linked = headers["x-linked-size"].flatMap({ Int($0) }), linked >= 0 { return linked }
        if let encoding = headers["content-encoding"], encoding != "identity" { return nil }
        return headers["content-length"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// A tag that stands for exactly these bytes.
    var strongTag: String? { headers["etag"].flatMap { $0.hasPrefix("\"") ? $0 : nil } }

    /// How many seconds the server asks to be left alone.
    var retryAfter: Double? { headers["retry-after"].flatMap { Double($0) }.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } }

    /// Where a part begins, and how long the whole is.
    var range: (start: Int, total: Int?)? {
        guard let text = headers["content-range"], let match = text.wholeMatch(of: /bytes (\d+)-\d+\/(\d+|\*)/), let start = Int(match.1)
        else {
            return nil
        }
        return (start, Int(match.2))
    }
}
