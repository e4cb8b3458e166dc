import Files
import Foundation
import Pictures
import Steering

/// What can be saved beside the picture.
enum Export: Sendable, Equatable {
    /// The steered picture, which carries its recipe.
    case picture(Picture, Recipe)
    /// Both pictures in one, which carries the recipe too.
    case pair(before: Picture, after: Picture, Recipe)
    case recipe(Recipe)

    /// Saves it under a name that is free.
    /// - Returns: where it went.
    /// - Throws: an error of one sentence that names the file.
    func write(beside picture: URL) throws -> URL {
        switch self {
        case .picture(let steered, let recipe): return try Self.write(steered, recipe, to: picture.exportDestination("-fader", "png"))
        case .pair(let before, let after, let recipe):
            return try Self.write(before.beside(after), recipe, to: picture.exportDestination("-fader-both", "png"))
        case .recipe(let recipe):
            let destination = picture.exportDestination("-fader", "json")
            try AtomicFile.write(recipe.data(), to: destination)
            return destination
        }
    }

    private static func write(_ picture: Picture, _ recipe: Recipe, to destination: URL) throws -> URL {
        try picture.write(
            toPNG: destination, text: [recipe.pngText])
        return destination
    }
}

extension URL {
    /// Where an export goes: `house.jpg` gives `house-fader.png` in the same folder, or where that is taken `house-fader-2.png` and so on.
    func exportDestination(
        _ suffix: String, _ pathExtension: String, isTaken: (URL) -> Bool = { FileManager.default.fileExists(atPath: $0.path) }
    ) -> URL {
        let folder = deletingLastPathComponent()
        let name = deletingPathExtension().lastPathComponent + suffix
        var destination = folder.appendingPathComponent("\(name).\(pathExtension)")
        var number = 2
        while isTaken(destination) {
            destination = folder.appendingPathComponent("\(name)-\(number).\(pathExtension)")
            number += 1
        }
        return destination
    }
}
