import GRDB

/// Labels, mean and largest activations of a pack's features, in memory.
struct KnownFeatures {
    struct Entry: Equatable {
        var label: String?
        var mean, maximum: Float?
    }

    private var entries: [Int: Entry]

    subscript(index: Int) -> Entry? { entries[index] }

    /// The labels of those that have one.
    var labels: [Int: String] { entries.compactMapValues(\.label) }

    /// Takes in new labels.
    mutating func add(_ labels: [Int: String]) {
        for (feature, label) in labels { entries[feature, default: Entry()].label = label }
    }

    /// From a library alone.
    init(_ library: FeatureLibrary) throws { entries = try library.knownFeatures() }

    /// From the pack's library, or from its `features.json` where there is no library that can be used: pictures can be steered without either.
    /// - Throws: `SteeringError.unreadableDescription` when `features.json` is not what it should be.
    init(pack: Pack) throws {
        let published = try PublishedFeatures(pack: pack)
        if let library = try? FeatureLibrary.existing(of: pack), let entries = try? library.knownFeatures() {
            self.entries = entries
        } else {
            entries = Dictionary(
                published.entries.map { ($0.index, Entry(label: $0.label, mean: $0.mean, maximum: $0.maximum)) },
                uniquingKeysWith: { first, _ in first })
        }
    }
}

extension FeatureLibrary {
    fileprivate func knownFeatures() throws -> [Int: KnownFeatures.Entry] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT id, coalesce(user_label, label), mean, maximum FROM features
                    WHERE coalesce(user_label, label) IS NOT NULL OR maximum IS NOT NULL
                    """)
            var entries: [Int: KnownFeatures.Entry] = [:]
            while let row = try rows.next() {
                entries[try row.decode(Int.self, atIndex: 0)] = KnownFeatures.Entry(
                    label: try row.decode(String?.self, atIndex: 1), mean: try row.decode(Float?.self, atIndex: 2),
                    maximum: try row.decode(Float?.self, atIndex: 3))
            }
            return entries
        }
    }

    /// Enters what the pack's `features.json` says, unless it has been entered before; statistics that were counted here stay.
    func take(_ published: PublishedFeatures) throws {
        guard let digest = published.digest, try read({ try String.fetchOne($0, sql: "SELECT names_digest FROM library") }) != digest else {
            return
        }
        try write { database in
            try database.execute(
                sql: "UPDATE features SET label = NULL, label_source = NULL, score = NULL WHERE label_source = 'pack'")
            let label = try database.makeStatement(
                sql: """
                    UPDATE features SET label = ?, label_source = 'pack', score = ?, runner_up = NULL, runner_up_score = NULL WHERE id = ?
                    """)
            let statistics = try database.makeStatement(
                sql: "UPDATE features SET density = ?, mean = ?, maximum = ?, norm = ? WHERE id = ? AND fired IS NULL")
            for entry in published.entries {
                if let text = entry.label.flatMap(LabelText.tidied) { try label.execute(arguments: [text, entry.score, entry.index]) }
                try statistics.execute(arguments: [entry.density, entry.mean, entry.maximum, entry.norm, entry.index])
            }
            try database.execute(sql: "UPDATE library SET names_digest = ?", arguments: [digest])
        }
    }
}
