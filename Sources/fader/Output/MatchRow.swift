import Steering

/// A feature that something is like, as it is printed.
struct MatchRow: Encodable {
    let index: Int
    let label: String?
    let similarity: Float

    /// The matches in their order, with the labels that the engine's pack has for them.
    static func rows(_ matches: [FeatureMatch], _ engine: Engine) async throws -> [MatchRow] {
        let labels = try await engine.labels(of: matches.map(\.feature))
        return matches.map { MatchRow(index: $0.feature, label: labels[$0.feature], similarity: $0.score) }
    }

    static func table(_ rows: [MatchRow]) -> String {
        TextTable(head: ["feature", "label", "similarity"], isNumber: [true, false, true]).text(
            rows.map { [String($0.index), $0.label ?? "", $0.similarity.text(decimals: 3)] })
    }
}
