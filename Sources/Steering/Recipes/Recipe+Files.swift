import Foundation
import Pictures

extension Recipe {
    /// The recipe that a file's content is or carries: JSON, a saved session's JSON, or a PNG with a recipe in its text; nil when it is something
    /// else.
    /// - Parameters:
    ///   - name: what to call the file in errors.
    ///   - content: the content of the file.
    /// - Throws: `SteeringError.unreadableRecipe` when it is damaged, `PictureError` when the PNG is.
    public static func contained(in content: Data, name: String) throws -> Recipe? {
        if isJSON(content) { return try Session(data: content)?.recipe ?? Recipe(data: content, name: name) }
        guard content.starts(with: pngSignature) else { return nil }
        return try Picture.pngText(in: content, name: name)[pngKeyword].map { try Recipe(data: Data($0.utf8), name: name) }
    }

    /// Reads the recipe that a file's content is or carries.
    /// - Parameters:
    ///   - name: what to call the file in errors.
    ///   - content: the content of the file.
    /// - Throws: `SteeringError.unreadableRecipe` when there is none, or it is damaged; `PictureError` when a PNG is.
    public init(containedIn content: Data, name: String) throws {
        if let found = try Self.contained(in: content, name: name) {
            self = found
        } else if content.starts(with: Self.pngSignature) {
            throw SteeringError.unreadableRecipe(file: name, reason: "the picture carries none.")
        } else {
            try self.init(data: content, name: name)
        }
    }

    /// Whether a file's content looks like JSON rather than a picture.
    static func isJSON(_ content: Data) -> Bool {
        content.first { !Character(Unicode.Scalar($0)).isWhitespace } == UInt8(ascii: "{")
    }

    private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47]

    /// The path of its picture: where it is found, or else where the recipe says; nil when it begins with a text.
    /// - Parameter path: the recipe's own file.
    public func picturePath(beside path: String) -> String? { pictureFile(beside: URL(fileURLWithPath: path))?.path ?? picture?.path }

    /// Where its picture is: where it says, or else beside the recipe; nil when it begins with a text, or the picture is at neither place.
    /// - Parameter url: the recipe's own file.
    public func pictureFile(beside url: URL) -> URL? {
        guard let picture else { return nil }
        let named = URL(fileURLWithPath: picture.path)
        let moved = url.deletingLastPathComponent().appendingPathComponent(named.lastPathComponent)
        return [named, moved].first { FileManager.default.fileExists(atPath: $0.path) }
    }
}
