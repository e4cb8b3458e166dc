import Foundation
import Terminal

/// A line of text that is being typed, with a cursor and the keys that readline has for it.
struct TextField: Sendable, Equatable {
    /// What a key or a paste did.
    enum Outcome: Sendable, Equatable {
        /// The key is none that edits text.
        case passed
        /// The text is as it was.
        case unchanged
        case changed
        case refused(Refusal)
    }

    /// Why something typed or pasted is not taken.
    enum Refusal: Sendable, Equatable {
        case characters(String)
        case tooLong(limit: Int)
    }

    /// The most characters that it holds.
    let limit: Int
    /// The characters that it takes; nil for all but control characters, which it leaves out.
    let accepted: Set<Character>?
    /// The text on both sides of the cursor.
    private(set) var before: String
    private(set) var after = ""
    /// Whether the text is a proposal: the first character that is typed takes its place, and moving the cursor keeps it.
    private(set) var isProposal: Bool

    init(_ text: String = "", isProposal: Bool = false, limit: Int = 4096, accepting accepted: Set<Character>? = nil) {
        before = text
        self.isProposal = isProposal && !text.isEmpty
        self.limit = limit
        self.accepted = accepted
    }

    var text: String { before + after }

    var isEmpty: Bool { before.isEmpty && after.isEmpty }

    /// Puts another text in the place of this one, and the cursor at its end.
    mutating func replace(with text: String) { (before, after, isProposal) = (text, "", false) }

    mutating func press(_ press: KeyPress) -> Outcome {
        switch (press.key, press.modifiers) {
        case (.character(let character), []): insert(String(character))
        case (.left, []), (.character("b"), .control): move(to: cursor - 1)
        case (.right, []), (.character("f"), .control): move(to: cursor + 1)
        case (.home, []), (.character("a"), .control): move(to: 0)
        case (.end, []), (.character("e"), .control): move(to: characters.count)
        case (.left, .control), (.left, .alt), (.character("b"), .alt): move(to: wordStart)
        case (.right, .control), (.right, .alt), (.character("f"), .alt): move(to: wordEnd)
        case (.backspace, []): delete(from: cursor - 1, to: cursor)
        case (.delete, []), (.character("d"), .control): delete(from: cursor, to: cursor + 1)
        case (.character("u"), .control): delete(from: 0, to: cursor)
        case (.character("k"), .control): delete(from: cursor, to: characters.count)
        case (.character("w"), .control): delete(from: blankStart, to: cursor)
        case (.backspace, .alt), (.backspace, .control): delete(from: wordStart, to: cursor)
        case (.character("d"), .alt), (.delete, .control): delete(from: cursor, to: wordEnd)
        default: .passed
        }
    }

    /// Takes in pasted text, all of it or nothing.
    mutating func paste(_ text: String) -> Outcome {
        guard accepted != nil else { return insert(text) }
        return insert(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private mutating func insert(_ text: String) -> Outcome {
        let text = text.filter { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }
        if let accepted {
            let others = text.filter { !accepted.contains($0) }
            guard others.isEmpty else { return .refused(.characters(others)) }
        }
        guard (isProposal ? 0 : before.count + after.count) + text.count <= limit else { return .refused(.tooLong(limit: limit)) }
        guard !text.isEmpty else { return .unchanged }
        if isProposal { replace(with: "") }
        before += text
        return .changed
    }

    private var characters: [Character] { Array(before) + Array(after) }

    private var cursor: Int { before.count }

    private mutating func move(to place: Int) -> Outcome {
        let characters = characters
        let place = min(max(place, 0), characters.count)
        (before, after, isProposal) = (String(characters[..<place]), String(characters[place...]), false)
        return .unchanged
    }

    private mutating func delete(from start: Int, to end: Int) -> Outcome {
        let characters = characters
        let (start, end) = (max(start, 0), min(end, characters.count))
        isProposal = false
        guard start < end else { return .unchanged }
        (before, after) = (String(characters[..<start]), String(characters[end...]))
        return .changed
    }

    /// The place to which a word back leads.
    private var wordStart: Int {
        before.reversed().drop { !$0.isWordCharacter }.drop(while: \.isWordCharacter).count
    }

    /// The place to which a word forward leads.
    private var wordEnd: Int {
        characters.count - after.drop { !$0.isWordCharacter }.drop(while: \.isWordCharacter).count
    }

    /// The beginning of what blanks separate from the rest before the cursor.
    private var blankStart: Int {
        before.reversed().drop(while: \.isWhitespace).drop { !$0.isWhitespace }.count
    }
}

extension Character {
    fileprivate var isWordCharacter: Bool { isLetter || isNumber }
}

extension TextField.Refusal {
    /// Why, in one sentence.
    var sentence: String {
        switch self {
        case .characters(let characters): "\"\(characters.prefix(20))\" cannot be typed here."
        case .tooLong(let limit): "That is too long: at most \(limit) characters fit here."
        }
    }
}

extension State {
    /// What an overlay answers when its text field has heard something; it stays open.
    mutating func response(to outcome: TextField.Outcome) -> Response {
        switch outcome {
        case .passed: .passed
        case .unchanged, .changed: .stays()
        case .refused(let refusal): .stays(refuse(refusal.sentence))
        }
    }
}

extension Painter {
    /// Draws a text field, scrolled so that the cursor shows.
    /// - Returns: the columns used, the cursor's included.
    @discardableResult
    mutating func draw(_ field: TextField, column: Int, row: Int, columns: Int, style: Style) -> Int {
        let place = field.before.count
        let texts = (Array(field.before) + Array(field.after)).map { glyphs.spelled(String($0)) } + [" "]
        let widths = texts.map(\.columns)
        let total = widths.reduce(0, +)
        let toCursor = widths.prefix(place).reduce(0, +)
        let start = total <= columns ? 0 : min(max(0, toCursor - columns * 2 / 3), total - columns)
        var offset = 0
        for (index, text) in texts.enumerated() {
            defer { offset += widths[index] }
            guard offset >= start, offset + widths[index] <= start + columns else { continue }
            let isAtEnd = index == texts.count - 1
            let cursor = isAtEnd ? Style(reversed: true) : Style(foreground: style.foreground, bold: style.bold, reversed: true)
            guard !isAtEnd || place == index else { continue }
            canvas.write(text, column: column + offset - start, row: row, style: index == place ? cursor : style)
        }
        return min(total, columns)
    }
}
