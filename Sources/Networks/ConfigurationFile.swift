import Files
import Foundation
import Tensors

/// Reads one `config.json` strictly: every option is asked for, is known to change nothing, or is refused by name.
public struct ConfigurationFile {
    public let file: String
    private let options: [String: JSONValue]
    private var taken: Set<String> = []

    /// - Throws: `NetworkError.unreadableConfiguration` when the file is missing or is not a JSON object.
    public init(contentsOf url: URL) throws {
        file = url.path
        do {
            try url.requireNoDanglingLink()
            let data = try Data(contentsOf: url)
            try GitLFS.requireContent(data, of: url)
            guard let found = try JSONValue(data.withoutByteOrderMark).object else {
                throw NetworkError.unreadableConfiguration(file: url.path, reason: "it is not a JSON object.")
            }
            options = found
        } catch let error as WeightFileError {
            throw error
        } catch let error as NetworkError {
            throw error
        } catch let error as JSONError {
            throw NetworkError.unreadableConfiguration(file: url.path, reason: "\(error.reason).")
        } catch {
            throw NetworkError.unreadableConfiguration(file: url.path, reason: "the file cannot be read.")
        }
    }

    public mutating func value(_ name: String) -> JSONValue {
        taken.insert(name)
        return options[name] ?? .null
    }

    public mutating func integer(_ name: String, default fallback: Int? = nil, in range: ClosedRange<Int> = 1...1_000_000) throws -> Int {
        let found = value(name)
        if case .null = found, let fallback { return fallback }
        guard let integer = found.whole, range.contains(integer) else {
            throw complaint(name, found, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    public mutating func number(_ name: String, default fallback: Double? = nil) throws -> Double {
        let found = value(name)
        if case .null = found, let fallback { return fallback }
        guard let number = found.number, number.isFinite else { throw complaint(name, found, expected: "a number") }
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
        guard let text = found.text else { throw complaint(name, found, expected: "a text") }
        return text
    }

    public mutating func integers(_ name: String) throws -> [Int] {
        let found = value(name)
        guard let values = found.list, !values.isEmpty else { throw complaint(name, found, expected: "a list of whole numbers") }
        return try values.map {
            guard let integer = $0.whole, (1...1_000_000).contains(integer) else {
                throw complaint(name, found, expected: "a list of whole numbers")
            }
            return integer
        }
    }

    public mutating func numbers(_ name: String, count: Int) throws -> [Double] {
        let found = value(name)
        guard let values = found.list, values.count == count else { throw complaint(name, found, expected: "\(count) numbers") }
        return try values.map {
            guard let number = $0.number, number.isFinite else { throw complaint(name, found, expected: "\(count) numbers") }
            return number
        }
    }

    public mutating func texts(_ name: String) throws -> [String] {
        let found = value(name)
        guard let values = found.list, !values.isEmpty else { throw complaint(name, found, expected: "a list of texts") }
        return try values.map {
            guard let text = $0.text else { throw complaint(name, found, expected: "a list of texts") }
            return text
        }
    }

    /// Accepts the option only when it is absent or one of `supported`.
    public mutating func require(_ name: String, _ supported: JSONValue...) throws {
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

    private func complaint(_ name: String, _ found: JSONValue, expected: String) -> NetworkError {
        if case .null = found { return .missingOption(file: file, option: name) }
        return .invalidOption(file: file, option: name, found: found.description, expected: expected)
    }
}

extension Data {
    /// Without the three bytes that some editors put before UTF-8.
    fileprivate var withoutByteOrderMark: Data { starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self }
}
