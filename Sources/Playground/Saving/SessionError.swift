import Foundation

/// Why a session cannot be resumed; its description is one sentence that names the file.
public enum SessionError: Error, Equatable, LocalizedError, CustomStringConvertible {
    case missing(path: String)
    case unreadable(path: String)

    public var description: String {
        switch self {
        case .missing(let path): "\(path): no session has been saved here; start without --resume."
        case .unreadable(let path): "\(path): this is not a saved session; start without --resume."
        }
    }

    public var errorDescription: String? { description }
}
