import Foundation

/// What can be wrong with a command's files.
enum CommandError: Error, LocalizedError, CustomStringConvertible {
    case unreadable(String)
    case unwritable(String)

    var description: String {
        switch self {
        case .unreadable(let path): "\(path): the file cannot be read."
        case .unwritable(let path): "\(path): the file cannot be written."
        }
    }

    var errorDescription: String? { description }
}
