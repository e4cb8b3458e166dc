import Foundation
import Pictures

/// What a contact sheet is made from; the sheet's PNG carries it.
public struct SheetPlan: Sendable, Equatable, Codable {
    /// The picture, the settings, and the edits that all pictures of the sheet have.
    public let recipe: Recipe
    /// From left to right.
    public let across: SheetSlider
    /// From top to bottom; nil for a strip.
    public let down: SheetSlider?

    /// The keyword of the text chunk in which a sheet carries its plan.
    public static let pngKeyword = "fader-sheet"

    public init(recipe: Recipe, across: SheetSlider, down: SheetSlider? = nil) {
        self.recipe = recipe
        self.across = across
        self.down = down
    }

    /// The edits of every picture, by row.
    public func stacks() throws -> [[EditStack]] {
        try (down?.values.map(Optional.init) ?? [nil]).map { row in
            let stack = try row.map { try down?.applied($0, to: recipe.stack) ?? recipe.stack } ?? recipe.stack
            return try across.values.map { try across.applied($0, to: stack) }
        }
    }

    /// The sheet with its pictures, by row.
    /// - Parameters:
    ///   - pictures: one for each value, by row.
    ///   - label: what a feature stands for, where it is known.
    public func sheet(_ pictures: [[Picture]], _ label: (Int) -> String?) -> ContactSheet {
        let name = across.name(label)
        guard let down else { return ContactSheet(title: name, columns: across.captions, pictures: pictures) }
        return ContactSheet(
            title: "\(name) across, \(down.name(label)) down", columns: across.captions, rows: down.captions, pictures: pictures)
    }

    /// The text chunk in which a sheet's PNG carries it.
    public var pngText: (keyword: String, text: String) {
        get throws { (keyword: Self.pngKeyword, text: String(decoding: try data(), as: UTF8.self)) }
    }

    public func data() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}
