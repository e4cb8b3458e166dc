/// A text with places in braces, such as "a {medium} of a {word} {subject}".
struct TextTemplate {
    private enum Piece {
        case text(String)
        case place(String)
    }

    private let pieces: [Piece]

    /// Nil when braces do not match.
    init?(_ template: String) {
        var pieces: [Piece] = []
        var rest = template[...]
        while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard rest[open] == "{", let close = rest[open...].firstIndex(of: "}") else { return nil }
            let name = rest[rest.index(after: open)..<close]
            guard !name.isEmpty, !name.contains("{") else { return nil }
            pieces += [.text(String(rest[..<open])), .place(String(name))]
            rest = rest[rest.index(after: close)...]
        }
        self.pieces = pieces + [.text(String(rest))]
    }

    /// The names of its places, from left to right.
    var places: [String] { pieces.compactMap { if case .place(let name) = $0 { name } else { nil } } }

    /// The text with each place filled; a place without a filling is left out.
    func filled(_ fillings: [String: String]) -> String {
        let text = pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .place(let name): fillings[name] ?? ""
            }
        }.joined()
        return withArticles(text.split(separator: " ").map(String.init)).joined(separator: " ").replacingSpacesBeforeCommas
    }

    /// "a" before a consonant and "an" before a vowel, as the words that were filled in ask for.
    private func withArticles(_ words: [String]) -> [String] {
        words.enumerated().map { place, word in
            guard word == "a" || word == "an", let next = words.dropFirst(place + 1).first?.lowercased() else { return word }
            return "aeiou".contains(next.prefix(1)) ? "an" : "a"
        }
    }
}

extension String {
    fileprivate var replacingSpacesBeforeCommas: String {
        split(separator: ",", omittingEmptySubsequences: false).map { part in
            var part = part
            while part.last == " " { part.removeLast() }
            return String(part)
        }.joined(separator: ",")
    }
}
