/// A sentence for the status line.
struct Notice: Sendable, Equatable {
    var text: String
    var isError: Bool

    /// A notice that stays for a few seconds.
    static func information(_ text: String) -> Notice { Notice(text: text, isError: false) }

    /// A notice that stays until the next key.
    static func error(_ text: String) -> Notice { Notice(text: text, isError: true) }
}
