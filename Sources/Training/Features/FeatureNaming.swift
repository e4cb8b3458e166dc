import Networks
import Scenes
import Tensors

/// Finds out what features mean from scenes whose factors are known.
public struct FeatureNaming {
    /// A feature that separates no value at least this well is called unclear.
    public static let clearScore = 0.7

    /// How much better two values together must be separated than one, for a feature to be named after both.
    static let gainOfTwo = 0.05

    private let scenes: [Scene]

    /// Of each factor, the value that every scene has.
    private let valuesByScene: [Factor: [Int]]

    public init(_ scenes: [Scene]) {
        self.scenes = scenes
        valuesByScene = Dictionary(uniqueKeysWithValues: Factor.allCases.map { factor in (factor, scenes.map { $0[factor] }) })
    }

    /// One entry for every feature that fires on at least one scene, by index.
    /// - Parameter embeddings: those of the scenes, `[count, width]`.
    public func statistics(_ autoencoder: SparseAutoencoder, _ embeddings: Tensor) throws -> [FeatureStatistics] {
        let activations = try autoencoder.encode(embeddings).transposed().contiguous().floats()
        let norms = try autoencoder.norms.floats()
        return (0..<autoencoder.count).compactMap { feature in
            let row = activations[feature * scenes.count..<(feature + 1) * scenes.count]
            return statistics(feature, norm: norms[feature], activations: row)
        }
    }

    private func statistics(_ feature: Int, norm: Float, activations: ArraySlice<Float>) -> FeatureStatistics? {
        let firing = zip(scenes.indices, activations).filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }
        guard let strongest = firing.first else { return nil }
        let best = separation(of: firing.map(\.0))
        let phrase = best.factor.phrase(best.values)
        return FeatureStatistics(
            index: feature, label: best.score >= Self.clearScore ? phrase : "unclear, most like \(phrase)", score: best.score,
            density: Double(firing.count) / Double(scenes.count), mean: firing.reduce(0) { $0 + Double($1.1) } / Double(firing.count),
            maximum: Double(strongest.1), norm: Double(norm))
    }

    /// The factor value, or the two values of one factor, that are separated best by "one of the first n", for the best n.
    /// - Parameter ranked: places of scenes, the strongest activation first.
    func separation(of ranked: [Int]) -> (factor: Factor, values: [Int], score: Double) {
        var best = (factor: Factor.subject, values: [0], score: 0.0)
        for factor in Factor.allCases {
            for values in factor.values.indices.map({ [$0] }) {
                let score = score(of: values, factor, ranked)
                if score > best.score { best = (factor, values, score) }
            }
        }
        let single = best.score
        for factor in Factor.allCases {
            for values in factor.pairs {
                let score = score(of: values, factor, ranked)
                if score > max(best.score, single + Self.gainOfTwo) { best = (factor, values, score) }
            }
        }
        return best
    }

    /// The F1 of "one of the first n" for any of some values, for the best n.
    private func score(of values: [Int], _ factor: Factor, _ ranked: [Int]) -> Double {
        let own = valuesByScene[factor] ?? []
        let total = own.filter(values.contains).count
        var (best, found) = (0.0, 0)
        for (rank, place) in ranked.enumerated() where values.contains(own[place]) {
            found += 1
            best = max(best, 2 * Double(found) / Double(rank + 1 + total))
        }
        return best
    }
}

extension Factor {
    /// All pairs of its values; of a factor with three, two mean no more than the absence of the third.
    fileprivate var pairs: [[Int]] {
        values.count < 4 ? [] : values.indices.flatMap { first in values.indices.dropFirst(first + 1).map { [first, $0] } }
    }

    /// One or several of its values, for instance "red or pink".
    func phrase(_ values: [Int]) -> String { values.map(phrase).joined(separator: " or ") }

    /// One of its values in words that need no context.
    func phrase(_ value: Int) -> String {
        let name = values[value]
        return switch self {
        case .subject, .colour, .timeOfDay: name
        case .count: value == 0 ? "one object" : "\(name) objects"
        case .size: "\(name) objects"
        case .position: value == 1 ? "in the centre" : "on the \(name)"
        case .ground: "\(name) ground"
        case .weather: "\(name) weather"
        case .border: value == 0 ? "no border" : "\(name) border"
        case .style: "\(name) style"
        }
    }
}
