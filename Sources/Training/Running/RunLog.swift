import Files
import Foundation

/// A file of JSON objects, one per line, in the order of the steps.
struct RunLog {
    /// One line: where the run stands and what was measured.
    struct Entry: Codable {
        var step: Int
        var seconds: Double
        /// The mean of the steps since the last regular line; nil when a finished run is only measured again.
        var loss: Double?
        var learningRate: Double
        /// On held-out scenes.
        var heldOut: [String: Double]?
    }

    private let file: URL
    private let handle: FileHandle

    /// Opens the log of a run that goes on after `step`: what a killed run wrote beyond its last checkpoint is dropped, since it comes again.
    /// - Throws: `TrainingError.unusableFolder` when the file cannot be opened for writing.
    init(_ file: URL, goingOnAfter step: Int) throws {
        self.file = file
        do {
            try AtomicFile.write(Self.lines(of: file, upTo: step), to: file)
            handle = try FileHandle(forWritingTo: file)
            try handle.seekToEnd()
        } catch {
            throw TrainingError.unusableFolder(file.deletingLastPathComponent().path, reason: "the log cannot be written.")
        }
    }

    /// - Throws: `TrainingError.unusableFolder` when the disk does not take the line.
    func append(_ entry: Entry) throws {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try handle.write(contentsOf: encoder.encode(entry) + Data("\n".utf8))
        } catch {
            throw TrainingError.unusableFolder(file.deletingLastPathComponent().path, reason: "the log cannot be written.")
        }
    }

    private static func lines(of file: URL, upTo step: Int) -> Data {
        let lines = ((try? Data(contentsOf: file)) ?? Data()).split(separator: UInt8(ascii: "\n"))
        let kept = lines.filter { line in (try? JSONDecoder().decode(Entry.self, from: line)).map { $0.step <= step } ?? false }
        return Data(kept.flatMap { $0 + [UInt8(ascii: "\n")] })
    }
}
