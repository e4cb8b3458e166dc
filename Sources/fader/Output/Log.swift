import Foundation
import Synchronization

/// Appends dated lines to a file, when there is one.
final class Log: Sendable {
    private let path: String
    /// Nil when nothing is logged, or no more since a line could not be written.
    private let handle: Mutex<FileHandle?>

    /// - Throws: when the file cannot be opened.
    init(_ path: String?) throws {
        self.path = path ?? ""
        guard let path else {
            handle = Mutex(nil)
            return
        }
        if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        guard let opened = FileHandle(forWritingAtPath: path) else { throw CommandError.unwritable(path) }
        // Pipes and devices have no end.
        _ = try? opened.seekToEnd()
        handle = Mutex(opened)
    }

    func write(_ line: String) {
        handle.withLock { handle in
            do {
                try handle?.write(contentsOf: Data("\(Date().formatted(.iso8601)) \(line.escaped)\n".utf8))
            } catch {
                // A disk that fills up ends the log, not the work.
                handle = nil
                StandardError.say("\(path): the log cannot be written and ends here; the command goes on.")
            }
        }
    }
}
