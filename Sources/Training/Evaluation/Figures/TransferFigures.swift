import Scenes

extension PackFigures {
    /// What pictures take over from others, for one factor; the reference is always the unedited picture from the same noise.
    public struct Transfer: Codable, Sendable {
        public var factor: String
        /// The features that stand for its values.
        public var features: [Int]
        /// These features alone are set as the donor has them.
        public var single: TransferOutcome
        /// All features by which two donors differ that are alike but for the factor.
        public var whole: TransferOutcome
    }

    /// How often the factor reader sees the donor's value, and how often it reads another factor as in the unedited picture.
    public struct TransferOutcome: Codable, Sendable {
        public var reached, kept: Measurement
    }

    /// What the factor reader says along a strip of pictures from one value of a factor to another, by a direction between texts.
    public struct DirectionStrip: Codable, Sendable {
        public var factor, from, to: String
        /// Where the strip ends, chosen on training scenes; 1 is as far as the mean embeddings of both values lie apart.
        public var reach: Double
        /// The mean probability of both values at each strength.
        public var fromProbability, toProbability: [Double]

        /// Whether the answer begins as the one value, ends as the other, and never turns back; a hundredth is chance.
        public var isMonotone: Bool {
            let balance = zip(toProbability, fromProbability).map { $0 - $1 }
            guard let first = balance.first, let last = balance.last else { return false }
            return first < 0 && last > 0 && zip(balance, balance.dropFirst()).allSatisfy { $1 >= $0 - 0.01 }
        }
    }
}

extension PackFigures {
    /// Transfer and directions as tables in Markdown.
    var borrowingTables: [String] {
        let rows = transfer.map { row in
            [row.factor] + [row.single.reached, row.single.kept, row.whole.reached, row.whole.kept].map(Self.percent)
        }
        let transfers = MarkdownTable(
            ["factor", "one factor's features: value seen", "others kept", "difference of two donors: value seen", "others kept"], rows
        ).text
        guard !directions.isEmpty else { return [transfers] }
        let monotone = directions.filter(\.isMonotone).count
        return [transfers, "Directions between texts that move the reader's answer monotonically: \(monotone) of \(directions.count)."]
    }

    private static func percent(_ figure: Measurement) -> String { "\(Int((figure.value * 100).rounded())) %" }
}
