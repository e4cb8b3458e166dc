import Files
import Foundation

extension PackFigures {
    /// Writes all figures as JSON, replacing the file at once.
    public func write(to file: URL) throws { try write(asJSONTo: file) }

    /// The figures that say most, as tables in Markdown.
    public var tables: String {
        ([
            "Held-out scenes: \(scenes) embedded, reconstructed and read, \(drawn) drawn by diffusion, \(steered) steered to each of "
                + "\(values.count) factor values. Brackets hold 95 % intervals.",
            MarkdownTable(["what", "figure", "target"], networkRows).text,
            MarkdownTable(
                [
                    "factor", "reader on scenes", "on reconstructions", "linear probe", "drawn from noise", "with guidance",
                    "seen when a value's feature is set", "kept when another factor's is",
                ], factorRows
            ).text,
            MarkdownTable(
                ["steering by", "value seen", "other factors kept", "worst factor kept", "change of others per change", "worst"],
                SteeringMethod.allCases.map(steeringRow)
            ).text,
            MarkdownTable(["edits", "made", "value seen", "other factors changed", "distance from real embeddings"], stackRows).text,
        ] + borrowingTables).joined(separator: "\n\n")
    }

    private var networkRows: [[String]] {
        [
            ["reader on scenes, worst factor", percent(worst(reader)), "≥ 97 %"],
            ["reader on reconstructions, largest loss", percent(largestLoss), "≤ 3 %"],
            ["autoencoder", decibels(autoencoder.psnr), "≥ 30 dB"],
            ["linear probe, worst factor", percent(worst(clip.probes)), "≥ 95 %"],
            ["caption finds its picture among \(clip.candidates)", clip.retrieval.map { percent($0) } ?? "no text tower", ""],
            ["drawn from noise, all factors", percent(decoder.fromNoise["mean"]), "≥ 92 %"],
            ["drawn from noise, worst factor but position", percent(worst(decoder.fromNoise, without: "position")), "≥ 85 %"],
            ["the same with guidance, all factors", percent(decoder.guided["mean"]), ""],
            ["drawn from other noise, read alike", percent(decoder.repeated), ""],
            ["unedited, from exact inversion, to the reconstruction", decibels(decoder.fromInversion), "≥ 45 dB"],
            ["variance unexplained by \(sparse.features) features", number(sparse.unexplained, digits: 3), "≤ 0.10"],
            ["features active", number(sparse.active, digits: 1), "≤ 32"],
            ["cosine", number(sparse.cosine, digits: 3), "≥ 0.95"],
            ["features never active", percent(sparse.dead), "≤ 5 %"],
            ["factor values with a feature of F1 ≥ 0.9", percent(sparse.recovered), "≥ 85 %"],
            ["factor values with a feature whose being active has F1 ≥ 0.9", percent(sparse.recoveredByActivity), "≥ 85 %"],
            ["response to nine strengths up to the whole edit monotone (Spearman ≥ 0.9)", monotone(\.response), "≥ 80 % of values"],
            ["the same up to twice the edit", monotone(\.overshoot), "≥ 80 % of values"],
        ]
    }

    private func monotone(_ response: KeyPath<Value, Response>) -> String {
        percent(Double(values.filter { $0[keyPath: response].rankCorrelation >= 0.9 }.count) / Double(max(values.count, 1)))
    }

    private var factorRows: [[String]] {
        reader.keys.filter { $0 != "mean" }.sorted().map { factor in
            [factor]
                + [reader, autoencoder.reader, clip.probes, decoder.fromNoise, decoder.guided].map { percent($0[factor]?.value ?? .nan) }
                + [percent(mean(byFeature(of: factor).map(\.reached.value))), percent(mean(byFeature(besides: factor)))]
        }
    }

    /// What setting the features of a factor's values did.
    private func byFeature(of factor: String) -> [Steering] {
        values.filter { $0.factor == factor }.flatMap(\.steering).filter { $0.method == SteeringMethod.feature.rawValue }
    }

    /// How often setting the features of other factors' values kept a factor, for each of them.
    private func byFeature(besides factor: String) -> [Double] {
        values.flatMap(\.steering).filter { $0.method == SteeringMethod.feature.rawValue }.compactMap { $0.keptByFactor[factor] }
    }

    private func steeringRow(_ method: SteeringMethod) -> [String] {
        let rows = values.flatMap(\.steering).filter { $0.method == method.rawValue }
        let change = mean(rows.map(\.change.value))
        func part(_ others: Double) -> String { change > 0 ? String(format: "%.2f", others / change) : "–" }
        return [
            method.rawValue, percent(median(rows.map(\.reached.value))) + " (median)", percent(mean(rows.map(\.kept.value))),
            percent(rows.map(\.worstKept).min() ?? .nan), part(mean(rows.map(\.otherChange))),
            part(rows.map(\.largestOtherChange).max() ?? 0),
        ]
    }

    private var stackRows: [[String]] {
        stacks.map { stack in
            [
                "\(stack.edits)", String(format: "%.1f", stack.applied), stack.reached.map { percent($0) } ?? "–",
                stack.drifted.map { percent($0) } ?? "–", number(stack.distance, digits: 2),
            ]
        }
    }

    private func worst(_ figures: [String: Measurement], without name: String? = nil) -> Measurement? {
        figures.filter { $0.key != "mean" && $0.key != name }.values.min { $0.value < $1.value }
    }

    private var largestLoss: Double {
        reader.compactMap { factor, figure in autoencoder.reader[factor].map { figure.value - $0.value } }.max() ?? .nan
    }

    private func percent(_ part: Double) -> String { String(format: "%.1f %%", part * 100) }

    private func percent(_ figure: Measurement?) -> String {
        guard let figure else { return "–" }
        return percent(figure.value) + String(format: " (%.1f–%.1f)", figure.low * 100, figure.high * 100)
    }

    private func decibels(_ figure: Measurement) -> String {
        String(format: "%.1f dB (%.1f–%.1f)", figure.value, figure.low, figure.high)
    }

    private func number(_ figure: Measurement, digits: Int) -> String {
        String(format: "%.*f (%.*f–%.*f)", digits, figure.value, digits, figure.low, digits, figure.high)
    }

    private func mean(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count) }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

/// A table as Markdown has it.
struct MarkdownTable {
    private let headings: [String]
    private let rows: [[String]]

    init(_ headings: [String], _ rows: [[String]]) {
        self.headings = headings
        self.rows = rows
    }

    var text: String {
        ([headings, headings.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }
}
