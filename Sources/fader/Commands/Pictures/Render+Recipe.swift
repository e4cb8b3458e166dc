import ArgumentParser
import Foundation
import Pictures
import Steering

extension Render {
    /// Reads a recipe's JSON, or the PNG that carries one.
    static func recipe(_ path: String) throws -> Recipe {
        let data = try Files.read(path)
        let name = path == "-" ? "standard input" : path
        guard data.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return try Recipe(data: data, name: name) }
        guard let text = try Picture.pngText(in: data)[Recipe.pngKeyword] else {
            throw SteeringError.unreadableRecipe(file: name, reason: "the picture carries none.")
        }
        return try Recipe(data: Data(text.utf8), name: name)
    }

    /// The picture that the recipe at `path` begins with.
    static func picture(of recipe: Recipe, at path: String) -> String? {
        recipe.pictureFile(beside: URL(fileURLWithPath: path))?.path ?? recipe.picture?.path
    }

    /// Says on standard error when a recipe's features may mean something else here.
    func warn(of recipe: Recipe?, _ pack: PackSummary) {
        guard let recipe, !pack.isMeant(by: recipe.pack) else { return }
        StandardError.say(
            "This recipe was made with another pack, \(recipe.pack.name): its features mean something else in \(pack.name).")
    }
}
