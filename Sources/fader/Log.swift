import Foundation

/// Appends dated lines to a file, when there is one.
struct Log: Sendable {
    private let handle: FileHandle?

    /// - Throws: when the file cannot be written.
    init(_ path: String?) throws {
        guard let path else {
            handle = nil
            return
        }
        if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        guard let opened = FileHandle(forWritingAtPath: path) else { throw CommandError.unwritable(path) }
        try opened.seekToEnd()
        handle = opened
    }

    func write(_ line: String) {
        // A disk that fills up ends the log, not the work.
        try? handle?.write(contentsOf: Data("\(Date().formatted(.iso8601)) \(line)\n".utf8))
    }
}
