import Foundation
import Tensors

/// Reads one `config.json` strictly: every option is asked for, is known to change nothing, or is refused by name.
public struct ConfigurationFile {
    public let file: String
    private let options: [String: Option]
    private var taken: Set<String> = []

    /// A value of an option.
    public indirect enum Option: Decodable, Equatable, CustomStringConvertible {
        case null
        case boolean(Bool)
        case number(Double)
        case text(String)
        case list([Option])
        case object([String: Option])

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Bool.self) {
                self = .boolean(value)
            } else if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .text(value)
            } else if let value = try? container.decode([Option].self) {
                self = .list(value)
            } else {
                self = .object(try container.decode([String: Option].self))
            }
        }

        public var description: String {
            switch self {
            case .null: "null"
            case .boolean(let value): String(value)
            case .number(let value): value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
            case .text(let value): "\"\(value)\""
            case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
            case .object(let values): "{" + values.keys.sorted().joined(separator: ", ") + "}"
            }
        }
    }

    /// - Throws: `NetworkError.unreadableConfiguration` when the file is missing or is not a JSON object.
    public init(contentsOf url: URL) throws {
        file = url.path
        do {
            try url.requireNoDanglingLink()
            let data = try Data(contentsOf: url)
            try GitLFS.requireContent(data, of: url)
            options = try JSONDecoder().decode([String: Option].self, from: data)
        } catch let error as WeightFileError {
            throw error
        } catch let error as DecodingError {
            throw NetworkError.unreadableConfiguration(file: url.path, reason: "it is not a JSON object (\(Self.brief(error))).")
        } catch {
            throw NetworkError.unreadableConfiguration(file: url.path, reason: "the file cannot be read.")
        }
    }

    public mutating func value(_ name: String) -> Option {
        taken.insert(name)
        return options[name] ?? .null
    }

    public mutating func integer(_ name: String, default fallback: Int? = nil, in range: ClosedRange<Int> = 1...1_000_000) throws -> Int {
        let found = value(name)
        if case .null = found, let fallback { return fallback }
        guard case .number(let number) = found, let integer = Int(exactly: number), range.contains(integer) else {
            throw complaint(name, found, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    public mutating func number(_ name: String, default fallback: Double? = nil) throws -> Double {
        let found = value(name)
        if case .null = found, let fallback { return fallback }
        guard case .number(let number) = found, number.isFinite else { throw complaint(name, found, expected: "a number") }
        return number
    }

    public mutating func boolean(_ name: String, default fallback: Bool? = nil) throws -> Bool {
        let found = value(name)
        if case .null = found, let fallback { return fallback }
        guard case .boolean(let boolean) = found else { throw complaint(name, found, expected: "true or false") }
        return boolean
    }

    public mutating func text(_ name: String, default fallback: String? = nil) throws -> String {
        let found = value(name)
        if case .null = found, let fallback { return fallback }
        guard case .text(let text) = found else { throw complaint(name, found, expected: "a text") }
        return text
    }

    public mutating func integers(_ name: String) throws -> [Int] {
        let found = value(name)
        guard case .list(let values) = found, !values.isEmpty else { throw complaint(name, found, expected: "a list of whole numbers") }
        return try values.map {
            guard case .number(let number) = $0, let integer = Int(exactly: number), (1...1_000_000).contains(integer) else {
                throw complaint(name, found, expected: "a list of whole numbers")
            }
            return integer
        }
    }

    public mutating func numbers(_ name: String, count: Int) throws -> [Double] {
        let found = value(name)
        guard case .list(let values) = found, values.count == count else { throw complaint(name, found, expected: "\(count) numbers") }
        return try values.map {
            guard case .number(let number) = $0, number.isFinite else { throw complaint(name, found, expected: "\(count) numbers") }
            return number
        }
    }

    public mutating func texts(_ name: String) throws -> [String] {
        let found = value(name)
        guard case .list(let values) = found, !values.isEmpty else { throw complaint(name, found, expected: "a list of texts") }
        return try values.map {
            guard case .text(let text) = $0 else { throw complaint(name, found, expected: "a list of texts") }
            return text
        }
    }

    /// Accepts the option only when it is absent or one of `supported`.
    public mutating func require(_ name: String, _ supported: Option...) throws {
        let found = value(name)
        if found == .null || supported.contains(found) { return }
        let choices = supported.isEmpty ? "absent" : supported.map(\.description).joined(separator: " or ")
        throw NetworkError.unsupportedOption(file: file, option: name, found: found.description, supported: choices)
    }

    /// Passes over options that do not change what the network computes here, such as dropout.
    public mutating func disregard(_ names: String...) { taken.formUnion(names) }

    /// Makes sure that no option was overlooked; names that begin with an underscore are notes, and null means absent.
    public func finish() throws {
        let left = options.filter { !taken.contains($0.key) && !$0.key.hasPrefix("_") && $0.value != .null }.keys.sorted()
        if !left.isEmpty { throw NetworkError.unknownOptions(file: file, options: left) }
    }

    private func complaint(_ name: String, _ found: Option, expected: String) -> NetworkError {
        if case .null = found { return .missingOption(file: file, option: name) }
        return .invalidOption(file: file, option: name, found: found.description, expected: expected)
    }

    private static func brief(_ error: DecodingError) -> String {
        switch error {
        case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context):
            context.debugDescription.split(separator: "\n").first.map(String.init) ?? "unreadable"
        @unknown default: "unreadable"
        }
    }
}
