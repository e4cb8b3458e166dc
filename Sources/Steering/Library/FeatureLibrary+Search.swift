import GRDB

/// The order in which features are listed; equals follow each other by index.
public enum FeatureOrder: String, Sendable, CaseIterable {
    case index
    /// Those that fire most often first.
    case density
    /// Those with the largest activation first.
    case maximum
}

extension FeatureLibrary {
    /// One feature.
    /// - Throws: `SteeringError.featureOutOfRange`; `LibraryError`.
    public func feature(_ index: Int) throws -> LibraryFeature {
        try require(index)
        guard let found = try features([index]).first else { throw LibraryError.damaged(file: url.path) }
        return found
    }

    /// Some features, in the order in which they are named; those that the pack does not have are left out.
    public func features(_ indices: [Int]) throws -> [LibraryFeature] {
        let found = try read { database in
            let statement = try database.makeStatement(sql: "SELECT \(LibraryFeature.columns) FROM features WHERE id = ?")
            return try indices.compactMap { index in
                try Row.fetchOne(statement, arguments: [index]).map { try LibraryFeature($0) }
            }
        }
        return found
    }

    /// The features whose labels have a word that begins with each word of `text`, part by part; all when it is empty.
    ///
    /// A whole number also finds the feature of that index. No sign has a meaning of its own.
    public func features(
        matching text: String = "", orderedBy order: FeatureOrder = .density, from offset: Int = 0, count: Int = 100
    ) throws -> [LibraryFeature] {
        let filter = LabelFilter(text)
        return try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT \(LibraryFeature.columns) FROM features \(filter.condition) ORDER BY \(order.clause) LIMIT ? OFFSET ?
                    """,
                arguments: filter.arguments + [count, offset])
            return try Array(rows.map { try LibraryFeature($0) })
        }
    }

    /// How many features `features(matching:)` has.
    public func count(matching text: String = "") throws -> Int {
        let filter = LabelFilter(text)
        return try read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM features \(filter.condition)", arguments: filter.arguments) ?? 0
        }
    }
}

/// Words that were typed, as a condition on features.
struct LabelFilter {
    let condition: String
    let arguments: StatementArguments

    init(_ text: String) {
        if text.allSatisfy(\.isWhitespace) {
            condition = ""
            arguments = []
            return
        }
        // Only letters and digits reach SQLite, in quotation marks: nothing of its query language is left.
        let words = text.split { !$0.isLetter && !$0.isNumber }.map { "\"\($0)\"*" }
        let number = Int(text.trimmingCharacters(in: .whitespaces)) ?? -1
        if words.isEmpty {
            condition = "WHERE features.id = ?"
            arguments = [number]
        } else {
            condition = "WHERE features.id IN (SELECT rowid FROM words WHERE words MATCH ? UNION SELECT ?)"
            arguments = [words.joined(separator: " "), number]
        }
    }
}

extension FeatureOrder {
    fileprivate var clause: String {
        switch self {
        case .index: "features.id"
        case .density: "density DESC, features.id"
        case .maximum: "maximum DESC, features.id"
        }
    }
}
