/// A recursive-descent parser of JSON text that accepts RFC 8259 and nothing more.
struct JSONParser {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var depth = 0
    private var valueCount = 0

    private static let highestDepth = 16
    /// Enough for 65,536 tensors of eight dimensions with some metadata; bounds the memory that a hostile header can take.
    private static let highestValueCount = 2_000_000

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    mutating func document() throws -> JSONValue {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw unexpected() }
        return value
    }

    private mutating func value() throws -> JSONValue {
        valueCount += 1
        guard valueCount <= Self.highestValueCount else { throw error("more than \(Self.highestValueCount) values") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return .object(try members())
        case UInt8(ascii: "["): return .list(try elements())
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    // MARK: Objects and arrays

    private mutating func members() throws -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        try list(endingWith: "}") { parser in
            let name = try parser.string()
            guard members[name] == nil else { throw parser.error("the name \(name.quoted) twice") }
            parser.skipSpace()
            try parser.expect(":")
            members[name] = try parser.value()
        }
        return members
    }

    private mutating func elements() throws -> [JSONValue] {
        var values: [JSONValue] = []
        try list(endingWith: "]") { values.append(try $0.value()) }
        return values
    }

    /// Passes over a bracket, items with commas between them, and the bracket that ends them.
    private mutating func list(endingWith end: Unicode.Scalar, item: (inout JSONParser) throws -> Void) throws {
        depth += 1
        guard depth <= Self.highestDepth else { throw error("values nested deeper than \(Self.highestDepth)") }
        position += 1
        skipSpace()
        if next != UInt8(ascii: end) {
            try item(&self)
            skipSpace()
            while next == UInt8(ascii: ",") {
                position += 1
                skipSpace()
                try item(&self)
                skipSpace()
            }
        }
        try expect(end)
        depth -= 1
    }

    // MARK: Numbers and words

    private mutating func number() throws -> JSONValue {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
        let isInteger = next != UInt8(ascii: ".") && next != UInt8(ascii: "e") && next != UInt8(ascii: "E")
        if next == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        // Only a real number can be a negative zero.
        if isInteger, text != "-0", let value = Int(text) { return .integer(value) }
        guard let value = Double(text) else { throw error("the number \(text.quoted)") }
        return .number(value)
    }

    private mutating func digits() throws {
        let start = position
        while let digit = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) { position += 1 }
        guard position > start else { throw unexpected() }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount {
            guard next == word.utf8Start[index] else { throw unexpected() }
            position += 1
        }
        return value
    }

    // MARK: Strings

    private mutating func string() throws -> String {
        try expect("\"")
        var text: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw unexpected() }
            position += 1
            if byte == UInt8(ascii: "\\") {
                text.append(contentsOf: String(try escaped()).utf8)
            } else {
                text.append(byte)
            }
        }
        try expect("\"")
        guard let string = String(validating: text, as: UTF8.self) else { throw error("text that is not UTF-8") }
        return string
    }

    /// The character after a backslash.
    private mutating func escaped() throws -> Unicode.Scalar {
        guard let kind = next else { throw unexpected() }
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(kind)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw error("an unknown escape")
        }
    }

    /// The character of `\uXXXX`, or of the two of them that stand for one beyond U+FFFF.
    private mutating func unicodeEscape() throws -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first) else { throw error("half a character") }
        try expect("\\")
        try expect("u")
        let second = try hexadecimal()
        guard UTF16.isTrailSurrogate(second) else { throw error("half a character") }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func hexadecimal() throws -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw unexpected() }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }

    // MARK: Bytes

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        guard next == UInt8(ascii: character) else { throw unexpected() }
        position += 1
    }

    private func unexpected() -> JSONError {
        next == nil ? JSONError(reason: "its JSON ends too early") : error("an unexpected character")
    }

    private func error(_ what: String) -> JSONError { JSONError(reason: "its JSON has \(what) at byte \(position)") }
}
