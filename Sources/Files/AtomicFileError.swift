import Foundation

/// Why a file cannot be saved; its description is one sentence that names the file.
public struct AtomicFileError: Error, Equatable, LocalizedError, CustomStringConvertible {
    /// The file, as it was asked for.
    public let path: String
    /// What the system says.
    public let reason: String

    public var description: String { "\(path): the file cannot be saved: \(reason)." }
    public var errorDescription: String? { description }

    init(_ url: URL, reason: String) {
        path = url.relativePath
        self.reason = reason
    }

    /// For the last system call, which failed.
    init(systemErrorOn url: URL) {
        let message = String(cString: strerror(errno))
        self.init(url, reason: message.prefix(1).lowercased() + message.dropFirst())
    }
}
