import Foundation

/// Labels that somebody has written down, for the user's own.
///
/// As CSV, `index,label` to a line, with or without these words as the first; as JSON, `[{"index": 7, "label": "night"}, …]` or
/// `{"7": "night", …}`.
public struct LabelFile {
    public let labels: [(feature: Int, label: String?)]

    private struct Entry: Decodable {
        var index: Int
        var label: String?
    }

    /// - Parameters:
    ///   - data: CSV or JSON.
    ///   - name: what to call the file in errors.
    ///   - featureCount: how many features the pack has.
    /// - Throws: `LibraryError.unsuitableLabels` with the line, when the file is neither, or names a feature that is not there.
    public init(_ data: Data, name: String, featureCount: Int) throws {
        guard let text = String(data: data, encoding: .utf8) else {
            throw LibraryError.unsuitableLabels(file: name, line: nil, reason: "this is not text in UTF-8.")
        }
        let isJSON = text.first { !$0.isWhitespace }.map { $0 == "[" || $0 == "{" } ?? false
        labels = try isJSON ? Self.json(data, name, featureCount) : Self.csv(text, name, featureCount)
    }

    private static func csv(_ text: String, _ name: String, _ count: Int) throws -> [(feature: Int, label: String?)] {
        func refuse(_ line: Int?, _ reason: String) -> LibraryError { .unsuitableLabels(file: name, line: line, reason: reason) }
        guard let records = CSV.records(text) else { throw refuse(nil, "a quotation mark is not closed.") }
        let isHeader = records.first?.fields.map { $0.trimmingCharacters(in: .whitespaces).lowercased() } == ["index", "label"]
        return try records.dropFirst(isHeader ? 1 : 0).map { record in
            guard record.fields.count == 2, let index = Int(record.fields[0].trimmingCharacters(in: .whitespaces)) else {
                throw refuse(record.line, "a line must be a feature's number, a comma and its label.")
            }
            guard (0..<count).contains(index) else { throw refuse(record.line, missing(index, count)) }
            return (index, record.fields[1])
        }
    }

    private static func json(_ data: Data, _ name: String, _ count: Int) throws -> [(feature: Int, label: String?)] {
        func refuse(_ reason: String) -> LibraryError { .unsuitableLabels(file: name, line: nil, reason: reason) }
        let entries: [(feature: Int, label: String?)]
        if let list = try? JSONDecoder().decode([Entry].self, from: data) {
            entries = list.map { ($0.index, $0.label) }
        } else if let object = try? JSONDecoder().decode([String: String?].self, from: data) {
            entries = try object.map { key, label in
                guard let index = Int(key) else { throw refuse("\"\(key)\" is not a feature's number.") }
                return (index, label)
            }.sorted { $0.feature < $1.feature }
        } else {
            throw refuse("this is neither a list of objects with \"index\" and \"label\" nor an object of labels by number.")
        }
        if let (place, stranger) = entries.enumerated().first(where: { !(0..<count).contains($0.element.feature) }) {
            throw refuse("entry \(place + 1): " + missing(stranger.feature, count))
        }
        return entries
    }

    private static func missing(_ index: Int, _ count: Int) -> String {
        "there is no feature \(index): the pack has features 0 to \(count - 1)."
    }
}
