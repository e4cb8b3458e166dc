import Foundation

/// A JSON value: read strictly, or written out in Swift.
public indirect enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    /// A number without fraction and exponent that fits.
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// Reads the one value in `text`, which may have white space around it.
    /// - Throws: `JSONError` for anything that RFC 8259 does not allow, for an object with two members of one name, and for text that
    ///   is nested or numerous beyond what any file of weights needs.
    public init(_ text: UnsafeRawBufferPointer) throws {
        var parser = JSONParser(text)
        self = try parser.document()
    }

    public init(_ text: Data) throws { self = try text.withUnsafeBytes { try JSONValue($0) } }

    /// The member called `name` of an object.
    public subscript(name: String) -> JSONValue? { object?[name] }

    /// Any number.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// A number that is whole, however it is written.
    public var whole: Int? { integer ?? number.flatMap { Int(exactly: $0) } }

    /// A number that is written as an integer.
    public var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    public var text: String? {
        if case .text(let value) = self { value } else { nil }
    }

    public var list: [JSONValue]? {
        if case .list(let values) = self { values } else { nil }
    }

    public var object: [String: JSONValue]? {
        if case .object(let members) = self { members } else { nil }
    }
}

/// What is wrong with a JSON text.
public struct JSONError: Error, Equatable {
    /// What it has and where, as the end of a sentence: "its JSON ends too early".
    public let reason: String
}

extension JSONValue: Equatable {
    /// 1 and 1.0 are equal, as they are in JSON.
    public static func == (a: JSONValue, b: JSONValue) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.boolean(let a), .boolean(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.text(let a), .text(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: a.number.map { $0 == b.number } ?? false
        }
    }
}

extension JSONValue: CustomStringConvertible {
    /// As it is in a file, but of an object the names alone.
    public var description: String {
        switch self {
        case .null: "null"
        case .boolean(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value): value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
        case .text(let value): "\"\(value)\""
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .object(let members): "{" + members.keys.sorted().joined(separator: ", ") + "}"
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { first, _ in first }))
    }
}

extension JSONValue: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .object(let members): try container.encode(members)
        }
    }
}

extension Encodable {
    /// Writes this as JSON that people can read, replacing the file at once.
    public func write(asJSONTo file: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(self) + Data("\n".utf8)
        try AtomicFile.write(data, to: file)
    }
}
