/// A number that is being typed for a slider.
struct Entry: Sendable, Equatable {
    private static let maximumLength = 24
    private static let allowed = Set("0123456789.+-*/()x ")

    let handle: Handle
    private(set) var text: String = ""

    init(_ handle: Handle, text: String = "") {
        self.handle = handle
        type(text)
    }

    /// Whether the character can be part of a value.
    static func allows(_ character: Character) -> Bool { allowed.contains(character) }

    /// Appends the characters that a value can have.
    mutating func type(_ characters: String) {
        text += characters.filter(Self.allows)
        text = String(text.prefix(Self.maximumLength))
    }

    mutating func deleteBackward() { _ = text.popLast() }
}
