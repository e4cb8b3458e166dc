import Steering

/// A feature of a library as it is printed.
struct LibraryRow: Encodable {
    let index: Int
    let label: String?
    let labelSource: LibraryFeature.LabelSource?
    let score: Float?
    let runnerUp: String?
    let runnerUpScore, density, mean, maximum, norm: Float?

    init(_ feature: LibraryFeature) {
        index = feature.index
        label = feature.label
        labelSource = feature.labelSource
        score = feature.score
        runnerUp = feature.runnerUp
        runnerUpScore = feature.runnerUpScore
        density = feature.density
        mean = feature.mean
        maximum = feature.maximum
        norm = feature.norm
    }

    static let columns = [
        "index", "label", "labelSource", "score", "runnerUp", "runnerUpScore", "density", "mean", "maximum", "norm",
    ]

    /// In the order of `columns`.
    var fields: [String] {
        func text(_ number: Float?) -> String { number.map { "\($0)" } ?? "" }
        return [
            String(index), label ?? "", labelSource?.rawValue ?? "", text(score), runnerUp ?? "", text(runnerUpScore), text(density),
            text(mean), text(maximum), text(norm),
        ]
    }

    /// A table for people.
    static func table(_ rows: [LibraryRow], scores: [Float] = []) -> String {
        let head = ["feature", "label", "density", "maximum"] + (scores.isEmpty ? [] : [" score"])
        return TextTable(head: head, isNumber: [true, false, true, true, true]).text(
            rows.enumerated().map { place, row in
                let cells = [
                    String(row.index), row.shownLabel, row.density.map { ($0 * 100).text(decimals: 2) + " %" } ?? "",
                    row.maximum?.text(decimals: 3) ?? "",
                ]
                return cells + (scores.isEmpty ? [] : [place < scores.count ? scores[place].text(decimals: 3) : ""])
            })
    }

    var shownLabel: String { label ?? (labelSource == .words ? "unclear" : "") }
}
