import Foundation
import Steering

/// Directions between what two phrases stand for.
extension State {
    private static let textCount = 200

    /// Parses what was typed: `day > night` leads from one phrase to the other, `night` towards one; nil when there is no target.
    func directionDefinition(_ text: String) -> Direction.Definition? {
        let phrases = text.split(separator: ">", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
        guard (1...2).contains(phrases.count), phrases.allSatisfy({ !$0.isEmpty }), let target = phrases.last else { return nil }
        return Direction.Definition(from: phrases.count == 2 ? phrases[0] : nil, to: target, count: Self.textCount, seed: settings.seed)
    }

    mutating func make(_ definition: Direction.Definition) -> [Effect] {
        ask(.makeDirection(definition), saying: "making the direction \(definition.name)")
    }

    /// Adds an edit along a direction; its strength is the slider.
    mutating func add(_ direction: Direction) -> [Effect] {
        let effects = change { $0.append(direction: direction) }
        if let edit = stack.edits.last {
            edits.select(.edit(edit.id))
            focus = .edits
        }
        return effects
    }
}
