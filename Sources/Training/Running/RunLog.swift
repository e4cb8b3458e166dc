import Foundation

/// A file of JSON objects, one per line, that only grows.
struct RunLog {
    /// One line: where the run stands and what was measured.
    struct Entry: Codable {
        var step: Int
        var seconds: Double
        var loss: Double
        var learningRate: Double
        /// On held-out scenes.
        var heldOut: [String: Double]?
    }

    private let handle: FileHandle

    /// - Throws: `TrainingError.unusableFolder` when the file cannot be opened for writing.
    init(appendingTo file: URL) throws {
        if !FileManager.default.fileExists(atPath: file.path) { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        guard let handle = try? FileHandle(forWritingTo: file) else {
            throw TrainingError.unusableFolder(file.deletingLastPathComponent().path, reason: "the log cannot be opened.")
        }
        try handle.seekToEnd()
        self.handle = handle
    }

    func append(_ entry: Entry) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try handle.write(contentsOf: encoder.encode(entry) + Data("\n".utf8))
    }
}
