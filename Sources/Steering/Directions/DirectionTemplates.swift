import Foundation

/// The texts between which directions are taken: templates with places in braces, and lists of what may stand there.
///
/// A phrase that a list has takes that list's place: "red" in "a {colour} {subject}". Any other takes the place `{word}`, which is left out where
/// there is no phrase. A phrase with braces of its own is the whole text.
public struct DirectionTemplates: Sendable, Equatable, Codable {
    public var templates: [String]
    /// By the name of the place.
    public var lists: [String: [String]]

    public init(templates: [String], lists: [String: [String]]) {
        self.templates = templates
        self.lists = lists
    }

    /// The place of phrases that no list has.
    static let word = "word"

    /// What a pack without lists of its own uses: ways to make a picture, and everyday subjects.
    public static let standard = DirectionTemplates(
        templates: ["a {medium} of a {word} {subject}"],
        lists: [
            "medium": [
                "photo", "painting", "drawing", "sketch", "watercolour", "poster", "close-up", "snapshot", "portrait", "film still",
                "print",
                "collage",
            ],
            "subject": [
                "man", "woman", "child", "dog", "cat", "horse", "bird", "tree", "flower", "house", "street", "city", "car", "boat", "room",
                "landscape", "mountain", "beach", "forest", "meal",
            ],
        ])

    /// The pack's `directions.json`, or the standard lists when it has none.
    /// - Throws: `SteeringError.unreadableDescription` when the file is there but holds no templates.
    public init(pack: Pack) throws {
        let url = pack.folder.appendingPathComponent("directions.json")
        guard FileManager.default.fileExists(atPath: url.path) else {
            self = .standard
            return
        }
        do {
            self = try JSONDecoder().decode(DirectionTemplates.self, from: Data(contentsOf: url))
        } catch let error as DecodingError {
            throw SteeringError.unreadableDescription(file: url.path, reason: error.sentence)
        } catch {
            throw SteeringError.unreadableDescription(file: url.path, reason: "the file cannot be read.")
        }
        if let fault { throw SteeringError.unreadableDescription(file: url.path, reason: fault) }
    }

    /// What is wrong with it, in one sentence; nil when nothing is.
    var fault: String? {
        if templates.isEmpty { return "it has no templates." }
        if let empty = lists.keys.sorted().first(where: { lists[$0]?.isEmpty ?? true }) { return "the list \"\(empty)\" is empty." }
        for template in templates {
            guard let parsed = TextTemplate(template) else { return "the braces of \"\(template)\" do not match." }
            if let unknown = parsed.places.first(where: { $0 != Self.word && lists[$0] == nil }) {
                return "\"\(template)\" has the place {\(unknown)}, for which there is no list."
            }
        }
        return nil
    }

    /// The place that a phrase takes.
    func place(of phrase: String) -> String {
        lists.keys.sorted().first { lists[$0]?.contains { $0.caseInsensitiveCompare(phrase) == .orderedSame } ?? false } ?? Self.word
    }
}
