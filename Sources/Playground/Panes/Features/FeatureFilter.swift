import Foundation
import Steering

/// What the feature list is narrowed to: words of labels, numbers of features, and bounds such as `>5` on activations.
struct FeatureFilter: Sendable, Equatable {
    var text = ""

    var isEmpty: Bool { text.allSatisfy(\.isWhitespace) }

    /// Whether a feature has everything that was typed.
    func matches(_ feature: Feature) -> Bool {
        text.split(separator: " ").allSatisfy { matches($0, feature) }
    }

    /// The feature whose number was typed, which may be one that the picture does not show.
    var number: Int? { Int(text.trimmingCharacters(in: .whitespaces)) }

    private func matches(_ word: Substring, _ feature: Feature) -> Bool {
        if let bound = Float(word.dropFirst()), word.hasPrefix(">") { return feature.activation > bound }
        if let bound = Float(word.dropFirst()), word.hasPrefix("<") { return feature.activation < bound }
        if word.allSatisfy({ $0.isNumber || $0 == "." }) {
            return String(feature.index).hasPrefix(word) || feature.activation.short.hasPrefix(word)
        }
        return feature.name.localizedCaseInsensitiveContains(word)
    }
}
