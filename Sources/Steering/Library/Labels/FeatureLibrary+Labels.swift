import GRDB

extension FeatureLibrary {
    /// Gives a feature the user's own label, which wins over every other and survives rebuilding.
    /// - Parameters:
    ///   - label: nil, or one of white space alone, removes the user's label.
    ///   - feature: by its index.
    /// - Throws: `SteeringError.featureOutOfRange`; `LibraryError`.
    public func setLabel(_ label: String?, of feature: Int) throws { try setLabels([(feature, label)]) }

    /// Gives several features the user's own labels, all or none.
    public func setLabels(_ labels: [(feature: Int, label: String?)]) throws {
        for item in labels { try require(item.feature) }
        try write { database in
            let statement = try database.makeStatement(sql: "UPDATE features SET user_label = ? WHERE id = ?")
            for item in labels { try statement.execute(arguments: [item.label.flatMap(LabelText.tidied), item.feature]) }
        }
    }
}

enum LabelText {
    /// The longest label, in characters.
    private static let longest = 200

    /// In one line without control characters, which a terminal would obey; nil when nothing is left.
    static func tidied(_ text: String) -> String? {
        let words = text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.properties.generalCategory == .control } }
        return words.isEmpty ? nil : String(words.joined(separator: " ").prefix(longest))
    }
}
