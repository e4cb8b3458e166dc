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
        let labels = rows.map { $0.shownLabel }
        let width = max(5, labels.map(\.count).max() ?? 0)
        let head = "feature  " + "label".padding(to: width) + "  density  maximum" + (scores.isEmpty ? "" : "   score")
        let lines = rows.enumerated().map { place, row in
            let density = row.density.map { ($0 * 100).text(decimals: 2) + " %" } ?? ""
            let score = place < scores.count ? "  " + scores[place].text(decimals: 3).leftPadding(to: 6) : ""
            return String(row.index).leftPadding(to: 7) + "  " + labels[place].padding(to: width) + "  " + density.leftPadding(to: 7) + "  "
                + (row.maximum?.text(decimals: 3) ?? "").leftPadding(to: 7) + score
        }
        return ([head] + lines).joined(separator: "\n")
    }

    var shownLabel: String { label ?? (labelSource == .words ? "unclear" : "") }
}
