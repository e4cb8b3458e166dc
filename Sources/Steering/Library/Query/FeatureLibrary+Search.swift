import GRDB

/// The order in which features are listed; equals follow each other by index.
public enum FeatureOrder: String, Sendable, CaseIterable {
    case index
    /// Those that are active most often first.
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
                    SELECT \(LibraryFeature.columns) FROM \(filter.source) ORDER BY \(order.clause) LIMIT ? OFFSET ?
                    """,
                arguments: filter.arguments + [count, offset])
            return try Array(rows.map { try LibraryFeature($0) })
        }
    }

    /// How many features `features(matching:)` has.
    public func count(matching text: String = "") throws -> Int {
        let filter = LabelFilter(text)
        return try read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM \(filter.source)", arguments: filter.arguments) ?? 0
        }
    }
}

/// Words that were typed, as the rows of features that they find.
private struct LabelFilter {
    /// What follows FROM.
    let source: String
    let arguments: StatementArguments

    init(_ text: String) {
        // Only letters and digits reach SQLite, in quotation marks: nothing of its query language is left.
        let words = text.split { !$0.isLetter && !$0.isNumber }.map { "\"\($0)\"*" }.joined(separator: " ")
        switch (words, Int(text.trimmingCharacters(in: .whitespaces))) {
        case ("", nil) where text.allSatisfy(\.isWhitespace):
            source = "features"
            arguments = []
        case ("", let number):
            source = "features WHERE features.id = ?"
            arguments = [number ?? -1]
        case (_, let number?):
            source = "features WHERE features.id IN (SELECT rowid FROM words WHERE words MATCH ? UNION SELECT ?)"
            arguments = [words, number]
        case (_, nil):
            // From the words to the features: a single letter finds half of them, and looking each up in a list takes twice as long.
            source = "words JOIN features ON features.id = words.rowid WHERE words MATCH ?"
            arguments = [words]
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
