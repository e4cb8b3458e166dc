/// The characters of the playground beyond letters and digits.
struct Glyphs: Sendable, Equatable {
    var horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight: Character
    /// The parts of a slider, its ticks, and what the knob becomes when the value is beyond an end.
    var fill, track, shaded, knob, original, usual, below, beyond: Character
    var cursor, changed, off, marked, group: Character
    var arrow, ellipsis, dot: String
    private let isUnicode: Bool

    static let unicode = Glyphs(
        horizontal: "─", vertical: "│", topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯",
        fill: "━", track: "─", shaded: "┄", knob: "●", original: "┃", usual: "┊", below: "◀", beyond: "▶", cursor: "▸", changed: "●",
        off: "○", marked: "✓",
        group: "▾",
        arrow: "→", ellipsis: "…", dot: "·", isUnicode: true)

    static let ascii = Glyphs(
        horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+",
        fill: "=", track: "-", shaded: ".", knob: "O", original: "|", usual: ":", below: "<", beyond: ">", cursor: ">", changed: "*",
        off: "o", marked: "+",
        group: "v",
        arrow: "->", ellipsis: "...", dot: "-", isUnicode: false)

    /// A text of our own in these characters.
    func spelled(_ text: String) -> String {
        guard !isUnicode else { return text }
        let names: [Character: String] = ["↑": "Up", "↓": "Down", "←": "Left", "→": "Right", "…": "...", "·": "-", "×": "x"]
        return text.reduce(into: "") { $0 += names[$1] ?? ($1.isASCII ? String($1) : "?") }
    }
}
