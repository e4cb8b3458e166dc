import Foundation

/// Where a server listens, as it is typed: `127.0.0.1:7860`, `[::1]:7860` or `localhost:7860`; port 0 lets the system choose.
public struct ListenAddress: Sendable, Equatable {
    public let host: String
    public let port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// - Throws: `ServerError.noAddress`.
    public init(_ text: String) throws {
        guard let sign = text.lastIndex(of: ":"), let port = Int(text[text.index(after: sign)...]), (0...65_535).contains(port) else {
            throw ServerError.noAddress(text)
        }
        var host = String(text[..<sign])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            throw ServerError.noAddress(text)
        }
        guard !host.isEmpty else { throw ServerError.noAddress(text) }
        (self.host, self.port) = (host, port)
    }

    /// Whether only programs on this machine reach it.
    public var isLoopback: Bool { Self.isLoopback(host) }

    /// Whether a host's name or address means this machine to itself, whoever answers names.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" { return true }
        var (four, six) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
        guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
        return withUnsafeBytes(of: six) { bytes in bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 }
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
