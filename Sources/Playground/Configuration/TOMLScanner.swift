/// Reads one line of TOML.
struct TOMLScanner {
    enum Line: Equatable {
        case empty
        case table(String)
        case entry(String, TOML.Value)
    }

    struct Problem: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    private static let escapes: [Character: Character] = ["\"": "\"", "\\": "\\", "n": "\n", "t": "\t"]

    private var rest: Substring

    init(_ line: Substring) {
        rest = line.last == "\r" ? line.dropLast() : line
    }

    mutating func line() throws(Problem) -> Line {
        skipBlanks()
        if isAtEnd { return .empty }
        let line: Line
        if take("[") {
            line = .table(try key())
            guard take("]") else { throw Problem("a table's name ends with ]") }
        } else {
            let key = try key()
            guard take("=") else { throw Problem("\"\(key)\" is not followed by =") }
            line = .entry(key, try value())
        }
        guard isAtEnd else { throw Problem("\"\(rest.prefix(20))\" is too much") }
        return line
    }

    private mutating func key() throws(Problem) -> String {
        skipBlanks()
        if rest.first == "\"" || rest.first == "'" {
            let name = try string()
            skipBlanks()
            return name
        }
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        guard !name.isEmpty else { throw Problem("there is no name") }
        rest.removeFirst(name.count)
        skipBlanks()
        return String(name)
    }

    private mutating func value() throws(Problem) -> TOML.Value {
        skipBlanks()
        defer { skipBlanks() }
        switch rest.first {
        case "\"", "'": return .string(try string())
        case "[": return .strings(try list())
        default: break
        }
        let word = rest.prefix { $0 != "#" && !$0.isWhitespace }
        rest.removeFirst(word.count)
        if let number = Int(word) { return .integer(number) }
        if let boolean = Bool(String(word)) { return .boolean(boolean) }
        throw Problem(word.isEmpty ? "there is no value" : "\"\(word)\" is not a value; put text in quotes")
    }

    private mutating func list() throws(Problem) -> [String] {
        rest.removeFirst()
        var items: [String] = []
        while true {
            skipBlanks()
            if take("]") { return items }
            items.append(try string())
            skipBlanks()
            if !take(","), rest.first != "]" { throw Problem("a list ends with ]") }
        }
    }

    /// A text in double quotes, with escapes, or in single quotes, without.
    private mutating func string() throws(Problem) -> String {
        guard let quote = rest.first, quote == "\"" || quote == "'" else { throw Problem("a text is put in quotes") }
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character == quote { return text }
            guard character == "\\", quote == "\"" else {
                text.append(character)
                continue
            }
            guard let escaped = rest.popFirst().flatMap({ Self.escapes[$0] }) else {
                throw Problem("a backslash is followed by \", \\, n or t")
            }
            text.append(escaped)
        }
        throw Problem("a text has no end")
    }

    /// Whether only blanks and a comment are left.
    private var isAtEnd: Bool { rest.isEmpty || rest.first == "#" }

    private mutating func skipBlanks() { rest = rest.drop { $0 == " " || $0 == "\t" } }

    private mutating func take(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        skipBlanks()
        return true
    }
}
