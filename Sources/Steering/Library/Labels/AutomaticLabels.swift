import Foundation
import GRDB
import Networks
import Tensors

/// What came of labelling features by words.
public struct LabellingSummary: Sendable, Equatable {
    /// How many features got a label, and how many are unclear.
    public var labelled, unclear: Int
    /// The cosine from which on a label counts as clear.
    public var threshold: Float
    /// How the labels compare with those of the pack's `features.json`; nil where they share no words.
    public var agreement: LabelAgreement?
}

/// How often features have the same label by words as by what the pack was trained on.
public struct LabelAgreement: Sendable, Equatable {
    /// How many features have a label of the pack that the vocabulary has too.
    public var compared: Int
    /// How many of them have that label as the first, and as the first or the second, by words, clear or not.
    public var equalFirst, equalFirstOrSecond: Int
    /// How many labels would be equal if the words were dealt out at random.
    public var expectedByChance: Double
}

/// A feature's two nearest phrases.
struct NearestPhrases {
    let feature: Int
    let first, second: String
    let firstScore, secondScore: Float
}

enum AutomaticLabels {
    /// The cosine that one in twenty random directions reaches with the nearest of so many phrases: below it, a label says nothing.
    ///
    /// The cosine of a random direction has a variance of 1/width, so that P(max > t) ≤ phrases · exp(−width · t² / 2).
    static func threshold(width: Int, phrases: Int) -> Float {
        Float((2 * log(Double(phrases) / 0.05) / Double(width)).squareRoot())
    }

    /// For each feature the two phrases whose directions are nearest to its own.
    static func nearest(_ phrases: [String], _ vectors: Tensor, _ index: DirectionIndex) throws -> [NearestPhrases] {
        // A block of cosines stays below 64 MB.
        let block = max(1, 16_777_216 / phrases.count)
        return try stride(from: 0, to: index.count, by: block).flatMap { start in
            try Task.checkCancellation()
            return try nearest(phrases, vectors, index, of: Array(start..<min(start + block, index.count)))
        }
    }

    /// For some features the two phrases whose directions are nearest to theirs.
    static func nearest(_ phrases: [String], _ vectors: Tensor, _ index: DirectionIndex, of features: [Int]) throws -> [NearestPhrases] {
        if features.isEmpty { return [] }
        let top = try index.cosines(with: vectors, of: features).top(2)
        let (places, scores) = (try top.indices.integers(), try top.values.floats())
        return features.enumerated().map { row, feature in
            NearestPhrases(
                feature: feature, first: phrases[places[2 * row]], second: phrases[places[2 * row + 1]], firstScore: scores[2 * row],
                secondScore: scores[2 * row + 1])
        }
    }

    /// Compares with the pack's own labels, where the vocabulary has them.
    static func agreement(_ found: [NearestPhrases], with labels: [Int: String], of phrases: [String]) -> LabelAgreement? {
        let known = Set(phrases)
        let comparable = found.filter { labels[$0.feature].map(known.contains) ?? false }
        if comparable.isEmpty { return nil }
        let share = Dictionary(grouping: comparable, by: \.first).mapValues { Double($0.count) / Double(comparable.count) }
        return LabelAgreement(
            compared: comparable.count, equalFirst: comparable.filter { labels[$0.feature] == $0.first }.count,
            equalFirstOrSecond: comparable.filter { labels[$0.feature] == $0.first || labels[$0.feature] == $0.second }.count,
            expectedByChance: comparable.reduce(0) { $0 + (share[labels[$1.feature] ?? ""] ?? 0) })
    }
}

extension FeatureLibrary {
    /// Gives active features the labels that words suggest, where neither the user nor the pack has one.
    func save(_ found: [NearestPhrases], threshold: Float) throws -> (labelled: Int, unclear: Int) {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE features SET label = NULL, label_source = NULL, score = NULL, runner_up = NULL, runner_up_score = NULL
                    WHERE label_source = 'words'
                    """)
            let update = try database.makeStatement(
                sql: """
                    UPDATE features SET label = ?, label_source = 'words', score = ?, runner_up = ?, runner_up_score = ?
                    WHERE id = ? AND label_source IS NOT 'pack' AND coalesce(maximum, 1) > 0
                    """)
            var (labelled, unclear) = (0, 0)
            for item in found {
                let isClear = item.firstScore >= threshold
                try update.execute(
                    arguments: isClear
                        ? [item.first, item.firstScore, item.second, item.secondScore, item.feature]
                        : [nil, nil, item.first, item.firstScore, item.feature])
                if isClear { labelled += database.changesCount } else { unclear += database.changesCount }
            }
            return (labelled, unclear)
        }
    }

    /// The labels that the pack's `features.json` has.
    func packLabels() throws -> [Int: String] {
        try read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT id, label FROM features WHERE label_source = 'pack' AND label IS NOT NULL")
            return try Dictionary(
                rows.map { (try $0.decode(Int.self, atIndex: 0), try $0.decode(String.self, atIndex: 1)) }, uniquingKeysWith: { $1 })
        }
    }
}
