import Scenes
import Steering

extension DirectionTemplates {
    /// Texts of the drawn world, in the words and in the order of its captions; every factor is a place.
    static let world = DirectionTemplates(
        templates: [
            "a {colour} {subject} {ground} {timeOfDay}",
            "a {size} {colour} {subject} {position} {ground}, {style}",
            "a {size} {colour} {subject} {ground} {weather}, {border}",
            "a {size} {word} {subject} {position} {timeOfDay}, {style}, {border}",
            "a {word} {subject} {ground} {weather}",
        ], lists: worldLists)

    private static var worldLists: [String: [String]] {
        let factors = Factor.allCases.filter { $0 != .count }
        var lists = Dictionary(
            uniqueKeysWithValues: factors.map { factor in
                (factor.rawValue, factor.values.indices.flatMap(factor.phrases))
            })
        lists["subjects"] = Scene.Subject.allCases.flatMap(\.plurals)
        return lists
    }

    /// How a direction says one value: the number needs other words after it, so that it is a text of its own.
    static func worldPhrase(_ factor: Factor, _ value: Int) -> String {
        guard factor == .count else { return factor.phrases(value)[0] }
        return value == 0 ? "one {size} {colour} {subject} {ground}" : "\(factor.phrases(value)[0]) {size} {colour} {subjects} {ground}"
    }
}
