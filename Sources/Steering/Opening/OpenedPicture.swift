import Foundation
import Pictures

/// A picture file that was opened, and what was made of it if the file is or carries a recipe.
public struct OpenedPicture: Sendable, Equatable {
    /// A picture file as recipes refer to it.
    public struct Source: Sendable, Equatable {
        public let url: URL
        public let reference: Recipe.PictureReference

        public init(url: URL, reference: Recipe.PictureReference) {
            self.url = url
            self.reference = reference
        }
    }

    public var source: Source
    /// The file that was opened: the picture, or what led to it. A session leads to its picture.
    public var file: URL
    public var recipe: Recipe?
    /// The session that the recipe is of, if one was opened.
    public var session: Session?
    /// Whether the picture is not the one that the recipe was made for.
    public var isOtherPicture: Bool
    /// Which of the pictures in its folder it is, when it was opened; nil when it is none of those that come one after another.
    public var place: PictureLocation.Place?

    public init(
        source: Source, file: URL? = nil, recipe: Recipe? = nil, session: Session? = nil, isOtherPicture: Bool = false,
        place: PictureLocation.Place? = nil
    ) {
        self.source = source
        self.file = file ?? source.url
        self.recipe = recipe
        self.session = session
        self.isOtherPicture = isOtherPicture
        self.place = place
    }

    /// Reads a picture, a recipe with its picture, a picture that carries a recipe, or a saved session.
    /// - Throws: `PictureError` or `SteeringError.unreadableRecipe`, with the file's name.
    public static func read(_ url: URL) throws -> (opened: OpenedPicture, picture: Picture) {
        let (recipe, session) = try Self.recipe(in: url)
        let file = try recipe.map { try Self.picture(of: $0, beside: url) } ?? url
        let content = try Picture.contents(of: file)
        let picture = try Picture(data: content, name: file.relativePath)
        // One file is one picture, by whatever path it was reached.
        let reference = Recipe.PictureReference(path: file.standardizedFileURL.path, content: content)
        let opened = OpenedPicture(
            source: Source(url: file, reference: reference), file: session == nil ? url : file, recipe: recipe, session: session,
            isOtherPicture: recipe?.picture.map { $0.sha256 != reference.sha256 } ?? false, place: PictureLocation.Place(of: file))
        return (opened, picture)
    }

    private static func recipe(in url: URL) throws -> (Recipe?, Session?) {
        let content = try Picture.contents(of: url)
        if Recipe.isJSON(content), let session = try Session(data: content) { return (session.recipe, session) }
        let recipe = try Recipe.contained(in: content, name: url.relativePath)
        // A picture that was made from a text is where its editing begins.
        return (recipe?.prompt != nil && !Recipe.isJSON(content) ? nil : recipe, nil)
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
