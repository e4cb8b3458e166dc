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

    /// Saves it.
    /// - Returns: where it went.
    /// - Throws: an error of one sentence that names the file.
    func write(to place: ExportPlace) throws -> URL {
        let destination = try place.destination(suffix, pathExtension)
        switch self {
        case .picture(let steered, let recipe): return try Self.write(steered, recipe, to: destination)
        case .pair(let before, let after, let recipe): return try Self.write(before.beside(after), recipe, to: destination)
        case .recipe(let recipe):
            try AtomicFile.write(recipe.data(), to: destination)
            return destination
        }
    }

    /// What follows the picture's name in the name of the file.
    private var suffix: String {
        switch self {
        case .picture, .recipe: "-fader"
        case .pair: "-fader-both"
        }
    }

    private var pathExtension: String {
        switch self {
        case .picture, .pair: "png"
        case .recipe: "json"
        }
    }

    /// The name of the file for an export of a picture.
    func name(for picture: URL) -> String { picture.exportName(suffix) + "." + pathExtension }

    private static func write(_ picture: Picture, _ recipe: Recipe, to destination: URL) throws -> URL {
        try picture.write(
            toPNG: destination, text: [recipe.pngText])
        return destination
    }
}

/// Where an export goes.
enum ExportPlace: Sendable, Equatable {
    /// Beside a picture, under a name that is free.
    case beside(URL)
    /// The file that the user named, which is not there yet.
    case file(URL)

    /// Whether the folder can be written.
    var isWritable: Bool {
        switch self {
        case .beside(let url), .file(let url): FileManager.default.isWritableFile(atPath: url.deletingLastPathComponent().path)
        }
    }

    /// - Throws: `ExportError` when the file cannot be this one.
    fileprivate func destination(_ suffix: String, _ pathExtension: String) throws -> URL {
        switch self {
        case .beside(let picture): return picture.exportDestination(suffix, pathExtension)
        case .file(let url):
            let named = url.pathExtension.isEmpty ? url.appendingPathExtension(pathExtension) : url
            guard named.pathExtension.lowercased() == pathExtension else {
                throw ExportError(
                    description: "\(url.path): this is saved as \(pathExtension.uppercased()); end the name in .\(pathExtension).")
            }
            guard !FileManager.default.fileExists(atPath: named.path) else {
                throw ExportError(description: "\(named.path) is there already; type another name.")
            }
            return named
        }
    }
}

/// Why an export cannot go where the user wants it, in one sentence.
struct ExportError: Error, Equatable, CustomStringConvertible {
    let description: String
}

extension URL {
    /// The name of an export without its extension.
    fileprivate func exportName(_ suffix: String) -> String { deletingPathExtension().lastPathComponent + suffix }

    /// Where an export goes: `house.jpg` gives `house-fader.png` in the same folder, or where that is taken `house-fader-2.png` and so on.
    func exportDestination(
        _ suffix: String, _ pathExtension: String, isTaken: (URL) -> Bool = { FileManager.default.fileExists(atPath: $0.path) }
    ) -> URL {
        let folder = deletingLastPathComponent()
        let name = exportName(suffix)
        var destination = folder.appendingPathComponent("\(name).\(pathExtension)")
        var number = 2
        while isTaken(destination) {
            destination = folder.appendingPathComponent("\(name)-\(number).\(pathExtension)")
            number += 1
        }
        return destination
    }
}
