import Terminal

/// The list of all commands, narrowed by typing.
struct CommandPalette: Overlay {
    private(set) var search = TextField(limit: 80)
    /// The selected row among the commands that match.
    private(set) var selection = ListSelection()

    /// The commands whose names or descriptions have every word typed, or whose names have its letters in order, best match first.
    func matches(in bindings: Bindings) -> [Binding] {
        let words = search.text.lowercased().split(separator: " ")
        let ranked = bindings.all.enumerated().compactMap { place, binding in
            Self.rank(of: binding, words).map { (rank: $0, place: place, binding: binding) }
        }
        return ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.binding)
    }

    /// How well a command fits, 0 best: what is typed is exactly its name or words of it, begins them, is in them, or has some of their letters in
    /// order; nil when it does not fit.
    private static func rank(of binding: Binding, _ words: [Substring]) -> Int? {
        guard !words.isEmpty else { return 0 }
        let name = binding.action.name.lowercased()
        let help = binding.help.lowercased()
        let all = words.joined(separator: " ")
        let parts = name.split(separator: "-")
        let described = help.split { !$0.isLetter && !$0.isNumber }
        let fits: [() -> Bool] = [
            { name == words.joined(separator: "-") || name == all || help == all },
            { words.allSatisfy(parts.contains) },
            { words.allSatisfy { described.contains($0) || parts.contains($0) } },
            { name.hasPrefix(words.joined(separator: "-")) },
            { words.allSatisfy { word in parts.contains { $0.hasPrefix(word) } } },
            { words.allSatisfy { word in (described + parts).contains { $0.hasPrefix(word) } } },
            { words.allSatisfy(name.contains) },
            { words.allSatisfy("\(help) \(name)".contains) },
            { words.joined().isSubsequence(of: name) },
        ]
        return fits.firstIndex { $0() }
    }

    mutating func press(_ press: KeyPress, _ state: inout State) -> Response {
        let matches = matches(in: state.bindings)
        if let movement = ListSelection.Movement(press, isBesideText: !search.isEmpty) {
            selection.move(movement, count: matches.count, page: state.layout.paletteRows.rows)
            return .stays()
        }
        guard press.key == .enter else { return edited(search.press(press), &state) }
        guard matches.indices.contains(selection.row) else { return .stays() }
        return .closes(matches[selection.row].action.perform(on: &state))
    }

    mutating func paste(_ text: String, _ state: inout State) -> Response { edited(search.paste(text), &state) }

    private mutating func edited(_ outcome: TextField.Outcome, _ state: inout State) -> Response {
        if outcome == .changed { selection = ListSelection() }
        return state.response(to: outcome)
    }

    mutating func point(_ event: MouseEvent, _ state: inout State) -> Response {
        selection.point(event, in: state.layout.paletteRows, count: matches(in: state.bindings).count)
        return .stays()
    }

    mutating func settle(_ state: inout State) -> [Effect] {
        selection.settle(count: matches(in: state.bindings).count, capacity: max(1, state.layout.paletteRows.rows))
        return []
    }
}

extension String {
    /// Whether another text has these characters in this order, whatever stands between them.
    fileprivate func isSubsequence(of other: String) -> Bool {
        var rest = self[...]
        for character in other where character == rest.first { rest.removeFirst() }
        return rest.isEmpty
    }
}
