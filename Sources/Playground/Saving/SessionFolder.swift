import Foundation
import Steering

/// The folder of saved sessions: each run of the program has a file of its own, and leaves the others alone.
public struct SessionFolder: Sendable, Equatable {
    /// How many sessions are kept; a run that starts removes the oldest beyond these.
    static let capacity = 100

    /// `fader/sessions` in `$XDG_STATE_HOME`, or in `~/.local/state`.
    let url: URL

    /// - Returns: nil when the environment names neither a state folder nor a home.
    public init?(environment: [String: String]) {
        guard let state = UserFolders.state(environment) else { return nil }
        url = state.appendingPathComponent("sessions")
    }

    /// A file for the session of a run that begins, which no other run has.
    public func newFile() -> URL {
        let time = Date.now.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
        return url.appendingPathComponent("\(time)-\(UUID().uuidString.prefix(8)).json")
    }

    /// The newest session with work in it.
    /// - Parameter passOver: told of each newer file that cannot be read.
    /// - Throws: `SessionError` when there is none, or none that can be read.
    public func newest(passOver: (URL) -> Void = { _ in }) throws -> (file: URL, session: Session) {
        let files = Self.newestFirst(in: url) + [formerFile].filter { FileManager.default.fileExists(atPath: $0.path) }
        guard let first = files.first else { throw SessionError.missing(path: url.path) }
        var withoutWork: (file: URL, session: Session)?
        for file in files {
            guard let session = try? Session(contentsOf: file) else {
                passOver(file)
                continue
            }
            if session.hasWork { return (file, session) }
            withoutWork = withoutWork ?? (file, session)
        }
        guard let withoutWork else { throw SessionError.unreadable(path: first.path) }
        return withoutWork
    }

    /// Removes the oldest sessions beyond those that are kept.
    public func makeRoom() {
        for file in Self.newestFirst(in: url).dropFirst(Self.capacity) { try? FileManager.default.removeItem(at: file) }
    }

    /// Where earlier versions saved the session of every run.
    private var formerFile: URL { url.deletingLastPathComponent().appendingPathComponent("session.json") }

    private static func newestFirst(in folder: URL) -> [URL] {
        let keys: Set<URLResourceKey> = [.isRegularFileKey, .contentModificationDateKey]
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: Array(keys))) ?? []
        let dated = files.filter { $0.pathExtension == "json" }.compactMap { file -> (url: URL, saved: Date)? in
            guard let values = try? file.resourceValues(forKeys: keys), values.isRegularFile == true else { return nil }
            return (file, values.contentModificationDate ?? .distantPast)
        }
        return dated.sorted { ($0.saved, $0.url.path) > ($1.saved, $1.url.path) }.map(\.url)
    }
}
