import Foundation

/// Why a server does not begin to serve.
public enum ServerError: Error, Equatable, LocalizedError, CustomStringConvertible {
    case cannotListen(String, reason: String)
    case noAddress(String)
    case tokenNeeded(String)
    case unsuitable(String)
    case unwritable(String)

    public var description: String {
        switch self {
        case .cannotListen(let address, let reason): "\(address): it cannot be listened on: \(reason)."
        case .noAddress(let text): "\"\(text)\" is no address to listen on: give one as 127.0.0.1:7860 or [::1]:7860."
        case .tokenNeeded(let address):
            "\(address) can be reached from other machines: give a --token that clients must name, and put a proxy with TLS before it."
        case .unsuitable(let message): message
        case .unwritable(let path): "\(path): the server's folder cannot be made or written."
        }
    }

    public var errorDescription: String? { description }
}
