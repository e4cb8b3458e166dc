import Files
import Foundation
import Steering

/// What brings a session back: the pack and the recipe of what was on the screen.
public struct Session: Sendable, Equatable, Codable {
    /// The pack's folder.
    public var pack: String
    public var recipe: Recipe

    /// Where sessions are saved: `fader/session.json` in `$XDG_STATE_HOME`, or in `~/.local/state`.
    public static func file(environment: [String: String]) -> URL? {
        let named = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0).appendingPathComponent(".local/state") }
        return (named ?? home)?.appendingPathComponent("fader/session.json")
    }

    /// Reads a saved session.
    /// - Throws: `SessionError`, or `SteeringError.unreadableRecipe` when the recipe in it is not one.
    public init(contentsOf url: URL) throws {
        guard let data = try? Data(contentsOf: url) else { throw SessionError.missing(path: url.path) }
        guard let session = try Session(data: data) else { throw SessionError.unreadable(path: url.path) }
        self = session
    }

    init(pack: String, recipe: Recipe) {
        self.pack = pack
        self.recipe = recipe
    }

    /// The session that the data hold, or nil when they hold something else.
    /// - Throws: `SteeringError.unreadableRecipe` when the session's recipe is not one.
    init?(data: Data) throws {
        guard let session = try? JSONDecoder().decode(Session.self, from: data) else { return nil }
        // Reading it once more checks the numbers.
        self.init(pack: session.pack, recipe: try Recipe(data: session.recipe.data(), name: "the session"))
    }

    /// Saves the session, atomically, in a folder that is made if need be.
    func write(to url: URL) throws {
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try AtomicFile.write(JSONEncoder().encode(self), to: url)
    }
}
