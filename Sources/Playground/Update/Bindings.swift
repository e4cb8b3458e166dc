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

/// Keys, what they do, and how the help tells it.
struct Binding: Sendable {
    let action: Action
    let keys: [KeyPress]
    /// The keys' names, with arrows.
    let names: String
    let help: String
}

/// Which key does what: the one table behind the keyboard, the help and the key bar.
enum Bindings {
    static let all: [Binding] = [
        Binding(action: .selectPrevious, keys: [KeyPress(.up), .character("k")], names: "↑ k", help: "the feature above"),
        Binding(action: .selectNext, keys: [KeyPress(.down), .character("j")], names: "↓ j", help: "the feature below"),
        Binding(action: .stepDown, keys: [KeyPress(.left), .character("h")], names: "← h", help: "a little less of it"),
        Binding(action: .stepUp, keys: [KeyPress(.right), .character("l")], names: "→ l", help: "a little more of it"),
        Binding(action: .leapDown, keys: [KeyPress(.left, .shift), KeyPress(.pageDown)], names: "Shift-← PgDn", help: "much less of it"),
        Binding(action: .leapUp, keys: [KeyPress(.right, .shift), KeyPress(.pageUp)], names: "Shift-→ PgUp", help: "much more of it"),
        Binding(action: .toMinimum, keys: [KeyPress(.home)], names: "Home", help: "none of it"),
        Binding(action: .toMaximum, keys: [KeyPress(.end)], names: "End", help: "as much as the slider goes"),
        Binding(action: .type, keys: [.character("=")], names: "0-9 =", help: "type a value: 12.5, *2, +3, x/2"),
        Binding(action: .reset, keys: [KeyPress(.backspace)], names: "Backspace", help: "back to the picture's own value"),
        Binding(action: .resetAll, keys: [.character("R")], names: "R", help: "reset all"),
        Binding(action: .switchEdit, keys: [.character("x")], names: "x", help: "switch its change off and on"),
        Binding(action: .undo, keys: [.character("u")], names: "u", help: "undo"),
        Binding(action: .redo, keys: [.character("U"), .character("r", .control)], names: "U Ctrl-R", help: "redo"),
        Binding(
            action: .toggleBefore, keys: [.character(" "), .character("b")], names: "Space b", help: "the original in place, and back"),
        Binding(
            action: .showNextScope, keys: [KeyPress(.tab), .character("a")], names: "Tab a", help: "list the strongest, all, the edited"),
        Binding(action: .showNextGraphics, keys: [.character("g")], names: "g", help: "another way of showing pictures"),
        Binding(action: .export, keys: [.character("s")], names: "s", help: "save the picture beside its input"),
        Binding(action: .repaint, keys: [.character("l", .control)], names: "Ctrl-L", help: "draw the screen anew"),
        Binding(action: .help, keys: [.character("?"), KeyPress(.function(1))], names: "? F1", help: "this help"),
        Binding(action: .suspend, keys: [.character("z", .control)], names: "Ctrl-Z", help: "to the shell, from where fg comes back"),
        Binding(action: .quit, keys: [.character("q"), .character("c", .control)], names: "q Ctrl-C", help: "quit"),
    ]

    private static let actions = Dictionary(
        all.flatMap { binding in binding.keys.map { ($0, binding.action) } }, uniquingKeysWith: { first, _ in first })

    static func action(for press: KeyPress) -> Action? { actions[press] }
}
