import Foundation
import Pictures
import Steering

/// What opening a file brings: a picture, and what was made of it if the file is or carries a recipe.
struct Material: Sendable, Equatable {
    /// A picture file as recipes refer to it.
    struct Source: Sendable, Equatable {
        let url: URL
        let reference: Recipe.PictureReference
    }

    let source: Source
    let picture: Picture
    let recipe: Recipe?
    /// The session that the recipe is of, if one was opened.
    let session: Session?
    /// The picture is not the one that the recipe was made for.
    let isOtherPicture: Bool

    /// Reads a picture, a recipe, a picture that carries one, or a saved session.
    /// - Throws: an error of one sentence that names the file.
    init(contentsOf url: URL) throws {
        let (recipe, session) = try Self.recipe(in: url)
        let picture = try recipe.map { try Self.picture(of: $0, beside: url) } ?? url
        let content = try Picture.contents(of: picture)
        self.picture = try Picture(data: content, name: picture.relativePath)
        self.recipe = recipe
        self.session = session
        // One file is one picture, by whatever path it was reached.
        let reference = Recipe.PictureReference(path: picture.standardizedFileURL.path, content: content)
        source = Source(url: picture, reference: reference)
        isOtherPicture = recipe?.picture.map { $0.sha256 != reference.sha256 } ?? false
    }

    private static func recipe(in url: URL) throws -> (Recipe?, Session?) {
        let data = try Picture.contents(of: url)
        let name = url.relativePath
        if data.first(where: { !Character(Unicode.Scalar($0)).isWhitespace }) == UInt8(ascii: "{") {
            if let session = try Session(data: data) { return (session.recipe, session) }
            return (try Recipe(data: data, name: name), nil)
        }
        guard data.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return (nil, nil) }
        let recipe = try Picture.pngText(in: data, name: name)[Recipe.pngKeyword].map { try Recipe(data: Data($0.utf8), name: name) }
        // A picture that was made from a text is where its editing begins.
        return (recipe?.prompt == nil ? recipe : nil, nil)
    }

    private static func picture(of recipe: Recipe, beside url: URL) throws -> URL {
        guard let picture = recipe.picture else {
            throw SteeringError.unreadableRecipe(
                file: url.relativePath, reason: "it begins with a text; make its picture with fader render --recipe, and open that.")
        }
        guard let found = recipe.pictureFile(beside: url) else {
            throw PictureError.unreadable(name: picture.path, reason: "the recipe needs this picture, and it is not there")
        }
        return found
    }
}
