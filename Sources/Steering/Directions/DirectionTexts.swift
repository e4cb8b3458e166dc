import Tensors

/// Pairs of texts that differ in a phrase and in nothing else that is drawn.
public struct DirectionTexts {
    /// Where a direction comes from, and where it leads.
    public let from, to: [String]

    /// How many pairs may be drawn.
    public static let counts = 1...10_000

    /// Draws the pairs of a definition: for each a template, and for each of its other places an entry of its list.
    /// - Throws: `SteeringError.unsuitablePhrase` when a phrase has no letters or there is no template with a place for it.
    public init(_ definition: Direction.Definition, _ templates: DirectionTemplates) throws {
        guard Self.counts.contains(definition.count) else {
            throw SteeringError.unsuitableCount(definition.count, limit: Self.counts.upperBound)
        }
        let to = try Wording(definition.to, templates)
        let from = try definition.from.map { try Wording($0, templates) }
        let drawing = try Drawing(templates, for: [from, to].compactMap { $0 }, seed: definition.seed)
        let draws = try (0..<definition.count).map { _ in try drawing.next() }
        self.to = draws.map { to.text($0.template, $0.fillings) }
        self.from = draws.map { draw in from?.text(draw.template, draw.fillings) ?? draw.template.filled(draw.fillings) }
    }
}

/// How a phrase becomes a text.
private enum Wording {
    /// It is a template itself.
    case whole(TextTemplate)
    /// It stands at a place of others.
    case phrase(String, place: String)

    init(_ phrase: String, _ templates: DirectionTemplates) throws {
        guard phrase.contains(where: \.isLetter) else {
            throw SteeringError.unsuitablePhrase(phrase, reason: "it has no letters.")
        }
        guard phrase.contains(where: { $0 == "{" || $0 == "}" }) else {
            self = .phrase(phrase, place: templates.place(of: phrase))
            return
        }
        guard let template = TextTemplate(phrase) else { throw SteeringError.unsuitablePhrase(phrase, reason: "its braces do not match.") }
        if let unknown = template.places.first(where: { templates.lists[$0] == nil }) {
            throw SteeringError.unsuitablePhrase(phrase, reason: "the pack has no list {\(unknown)}.")
        }
        self = .whole(template)
    }

    /// The place that a template must have for it.
    var place: String? { if case .phrase(_, let place) = self { place } else { nil } }

    func text(_ template: TextTemplate, _ fillings: [String: String]) -> String {
        switch self {
        case .whole(let own): own.filled(fillings)
        case .phrase(let phrase, let place): template.filled(fillings.merging([place: phrase]) { $1 })
        }
    }
}

/// Draws templates and what stands at their places, the same for a seed on every machine.
private struct Drawing {
    private let templates: [TextTemplate]
    private let lists: [(name: String, entries: [String])]
    private let generator: Generator

    init(_ templates: DirectionTemplates, for wordings: [Wording], seed: UInt64) throws {
        let needed = Set(wordings.compactMap(\.place))
        self.templates = templates.templates.compactMap(TextTemplate.init).filter { needed.isSubset(of: $0.places) }
        guard !self.templates.isEmpty else {
            let places = needed.sorted().map { "{\($0)}" }.joined(separator: " and ")
            throw SteeringError.unsuitablePhrase(
                wordings.compactMap { if case .phrase(let phrase, _) = $0 { phrase } else { nil } }.joined(separator: "\" and \""),
                reason: "no template of the pack has the place \(places).")
        }
        lists = templates.lists.sorted { $0.key < $1.key }.map { (name: $0.key, entries: $0.value) }
        generator = try Generator(seed: seed)
    }

    func next() throws -> (template: TextTemplate, fillings: [String: String]) {
        let template = templates[try draw(below: templates.count)]
        let fillings = try lists.map { ($0.name, $0.entries[try draw(below: $0.entries.count)]) }
        return (template, Dictionary(fillings, uniquingKeysWith: { first, _ in first }))
    }

    private func draw(below bound: Int) throws -> Int { Int(try generator.integers(below: bound, [1]).item()) }
}
