import Files
import Foundation
import Pictures

/// What brings a session back: the pack, and the recipes of the pictures that were worked on.
public struct Session: Sendable, Equatable, Codable {
    /// The pack's folder.
    public var pack: String
    /// Of the picture that was on the screen last.
    public var recipe: Recipe
    /// Of the pictures before it.
    public var others: [Recipe]

    private enum CodingKeys: CodingKey {
        case pack, recipe, others
    }

    /// Reads a saved session.
    /// - Throws: `SessionError`, or `SteeringError.unreadableRecipe` when a recipe in it is not one.
    public init(contentsOf url: URL) throws {
        guard FileManager.default.fileExists(atPath: url.path) else { throw SessionError.missing(path: url.path) }
        guard let data = try? Picture.contents(of: url), let session = try Session(data: data) else {
            throw SessionError.unreadable(path: url.path)
        }
        self = session
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        pack = try values.decode(String.self, forKey: .pack)
        recipe = try values.decode(Recipe.self, forKey: .recipe)
        // Sessions of earlier versions know one picture.
        others = try values.decodeIfPresent([Recipe].self, forKey: .others) ?? []
    }

    public init(pack: String, recipe: Recipe, others: [Recipe] = []) {
        self.pack = pack
        self.recipe = recipe
        self.others = others
    }

    /// The session that the data hold, or nil when they hold something else.
    /// - Throws: `SteeringError.unreadableRecipe` when one of the session's recipes is not one.
    public init?(data: Data) throws {
        guard let session = try? JSONDecoder().decode(Session.self, from: data) else { return nil }
        // Reading them once more checks the numbers.
        let recipes = try session.recipes.map { try Recipe(data: $0.data(), name: "the session") }
        self.init(pack: session.pack, recipe: recipes[0], others: Array(recipes.dropFirst()))
    }

    /// Saves the session, atomically, in a folder that is made if need be.
    public func write(to url: URL) throws {
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try AtomicFile.write(JSONEncoder().encode(self), to: url)
    }

    /// Whether there is anything to go on with: edits, or a seed.
    public var hasWork: Bool { recipes.contains { !$0.edits.isEmpty || $0.start == .noise } }

    /// All of them, that of the picture on the screen first.
    public var recipes: [Recipe] { [recipe] + others }
}

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
