import Foundation

/// Why no session can be resumed; its description is one sentence that names the file or the folder.
public enum SessionError: Error, Equatable, LocalizedError, CustomStringConvertible {
    case missing(path: String)
    case unreadable(path: String)

    public var description: String {
        switch self {
        case .missing(let path): "\(path): no session has been saved here; start without --resume."
        case .unreadable(let path): "\(path): this is not a session that can be read; it is left as it is: start without --resume."
        }
    }

    public var errorDescription: String? { description }
}
