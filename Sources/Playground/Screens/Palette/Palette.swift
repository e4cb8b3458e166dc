/// The list of everything that can be done, narrowed by typing.
struct Palette: Sendable, Equatable {
    private static let maximumLength = 80

    private(set) var text = ""
    /// The place of the selected action among those that match.
    private(set) var place = 0

    /// The bindings that are called by all the words typed, and then those whose description has them.
    func matches(in bindings: Bindings) -> [Binding] {
        let words = text.lowercased().split(separator: " ")
        let named = bindings.all.filter { binding in words.allSatisfy(binding.action.rawValue.contains) }
        let described = bindings.all.filter { binding in
            words.allSatisfy("\(binding.help) \(binding.action.rawValue)".lowercased().contains)
        }
        return named + described.filter { !named.contains($0) }
    }

    mutating func type(_ characters: String) {
        text = String((text + characters.filter { !$0.isNewline }).prefix(Self.maximumLength))
        place = 0
    }

    mutating func deleteBackward() {
        _ = text.popLast()
        place = 0
    }

    mutating func moveSelection(by rows: Int, in bindings: Bindings) {
        place = min(max(place + rows, 0), max(0, matches(in: bindings).count - 1))
    }

    func selected(in bindings: Bindings) -> Action? {
        let matches = matches(in: bindings)
        return matches.indices.contains(place) ? matches[place].action : nil
    }
}
