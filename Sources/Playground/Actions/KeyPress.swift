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
