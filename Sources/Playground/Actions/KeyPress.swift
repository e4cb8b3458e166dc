import Terminal

/// A key with the modifiers held.
struct KeyPress: Sendable, Hashable {
    let key: Key
    let modifiers: Modifiers

    init(_ key: Key, _ modifiers: Modifiers = []) {
        self.key = key
        // Shift is in the character; some terminals report it again.
        if case .character = key { self.modifiers = modifiers.subtracting(.shift) } else { self.modifiers = modifiers }
    }

    static func character(_ character: Character, _ modifiers: Modifiers = []) -> KeyPress { KeyPress(.character(character), modifiers) }
}

/// Keys by name: as configurations write them, and as the screen shows them.
extension KeyPress {
    private static let keys: [(name: String, shown: String, key: Key)] = [
        ("up", "↑", .up), ("down", "↓", .down), ("left", "←", .left), ("right", "→", .right), ("home", "Home", .home), ("end", "End", .end),
        ("pageup", "PgUp", .pageUp), ("pagedown", "PgDn", .pageDown), ("insert", "Ins", .insert), ("delete", "Del", .delete),
        ("backspace", "Backspace", .backspace), ("tab", "Tab", .tab), ("enter", "Enter", .enter), ("escape", "Esc", .escape),
        ("space", "Space", .character(" ")),
    ]

    private static let modifiers: [(name: String, shown: String, modifier: Modifiers)] = [
        ("ctrl-", "Ctrl-", .control), ("alt-", "Alt-", .alt), ("shift-", "Shift-", .shift),
    ]

    /// The key of a name such as `x`, `R`, `ctrl-r`, `shift-left`, `f1` or `space`.
    init?(named name: String) {
        var rest = name[...]
        var held: Modifiers = []
        while let prefix = Self.modifiers.first(where: { rest.count > $0.name.count && rest.lowercased().hasPrefix($0.name) }) {
            rest.removeFirst(prefix.name.count)
            held.formUnion(prefix.modifier)
        }
        if let known = Self.keys.first(where: { $0.name == rest.lowercased() }) {
            self.init(known.key, held)
        } else if rest.count > 1, rest.lowercased().hasPrefix("f"), let number = Int(rest.dropFirst()), (1...20).contains(number) {
            self.init(.function(number), held)
        } else if rest.count == 1, let character = rest.first, !character.isWhitespace {
            // Terminals report Control with a lower-case letter, and Shift as an upper-case one.
            let typed =
                held.contains(.control) ? character.lowercased() : held.contains(.shift) ? character.uppercased() : String(character)
            self.init(.character(Character(typed)), held)
        } else {
            return nil
        }
    }

    /// The name that `init(named:)` takes; nil where it has none.
    var configuredName: String? {
        let prefix = Self.modifiers.filter { modifiers.contains($0.modifier) }.map(\.name).joined()
        if let known = Self.keys.first(where: { $0.key == key }) { return prefix + known.name }
        switch key {
        case .function(let number): return "\(prefix)f\(number)"
        case .character(let character): return prefix + String(character)
        default: return nil
        }
    }

    /// The name on the screen.
    var shownName: String {
        let prefix = Self.modifiers.filter { modifiers.contains($0.modifier) }.map(\.shown).joined()
        if let known = Self.keys.first(where: { $0.key == key }) { return prefix + known.shown }
        switch key {
        case .function(let number): return "\(prefix)F\(number)"
        case .character(let character): return prefix + (modifiers.contains(.control) ? character.uppercased() : String(character))
        default: return prefix + "Shift-Tab"
        }
    }
}
