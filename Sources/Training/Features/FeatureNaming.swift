import Networks
import Scenes
import Tensors

/// Finds out what features mean from scenes whose factors are known.
public struct FeatureNaming {
    /// A feature that separates no value at least this well has no name.
    public static let clearScore = 0.7

    private let scenes: [Scene]

    public init(_ scenes: [Scene]) {
        self.scenes = scenes
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
        let isClear = best.score >= Self.clearScore
        return FeatureStatistics(
            index: feature, label: isClear ? best.factor.phrase(best.value) : nil, score: isClear ? best.score : nil,
            density: Double(firing.count) / Double(scenes.count), mean: firing.reduce(0) { $0 + Double($1.1) } / Double(firing.count),
            maximum: Double(strongest.1), norm: Double(norm))
    }

    /// The factor value that is separated best by "one of the first n", for the best n.
    /// - Parameter ranked: places of scenes, the strongest activation first.
    func separation(of ranked: [Int]) -> (factor: Factor, value: Int, score: Double) {
        var best = (factor: Factor.subject, value: 0, score: 0.0)
        for factor in Factor.allCases {
            var totals = [Int](repeating: 0, count: factor.values.count)
            for scene in scenes { totals[scene[factor]] += 1 }
            var found = [Int](repeating: 0, count: factor.values.count)
            for (rank, place) in ranked.enumerated() {
                let value = scenes[place][factor]
                found[value] += 1
                let score = 2 * Double(found[value]) / Double(rank + 1 + totals[value])
                if score > best.score { best = (factor, value, score) }
            }
        }
        return best
    }
}

extension Factor {
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
