import Networks
import Scenes
import Tensors

/// Finds out what features mean from scenes of which everything is known.
public struct FactorNaming {
    /// A feature that separates nothing at least this well is called unclear.
    public static let clearScore = 0.7

    /// How much better two values together must be separated than anything alone, for a feature to be named after both.
    static let gainOfTwo = 0.05

    /// Something that is so in some scenes.
    private struct Property {
        let phrase: String
        let isPresent: [Bool]
        let count: Int

        init(_ phrase: String, _ isPresent: [Bool]) {
            self.phrase = phrase
            self.isPresent = isPresent
            count = isPresent.count { $0 }
        }
    }

    /// How well the scenes in which a feature is strongest are those with a property.
    struct Separation: Equatable {
        /// What the scenes have in common.
        var phrase: String
        /// How many scenes, the strongest first, are most nearly those with the property.
        var count: Int
        /// The F1 of "one of these".
        var score: Double
    }

    private let sceneCount: Int
    /// Every factor value, and where objects stand beside their usual place.
    private let single: [Property]
    /// Two values of one factor.
    private let double: [Property]

    public init(_ scenes: [Scene]) {
        sceneCount = scenes.count
        let values = Factor.allCases.flatMap { factor in
            let own = scenes.map { $0[factor] }
            return factor.values.indices.map { value in Property(factor.phrase(value), own.map { $0 == value }) }
        }
        single = values + ScenePlacement.sides.map { side in Property(side.phrase, scenes.map(side.isTaken)) }
        double = Factor.allCases.flatMap { factor in
            let own = scenes.map { $0[factor] }
            return factor.pairs.map { pair in Property(pair.map(factor.phrase).joined(separator: " or "), own.map(pair.contains)) }
        }
    }

    /// One entry for every feature that is active in at least one scene, by index.
    /// - Parameters:
    ///   - autoencoder: whose features are named.
    ///   - embeddings: those of the scenes, `[count, width]`.
    public func statistics(_ autoencoder: SparseAutoencoder, _ embeddings: Tensor) throws -> [FeatureStatistics] {
        let activations = try FeatureActivations(autoencoder.encode(embeddings))
        let norms = try autoencoder.norms.floats()
        return activations.ranked.enumerated().compactMap { feature, ranked in
            guard let strongest = ranked.first else { return nil }
            let best = separation(of: ranked)
            let column = activations.columns[feature]
            return FeatureStatistics(
                index: feature, label: best.score >= Self.clearScore ? best.phrase : "unclear, most like \(best.phrase)", score: best.score,
                density: Double(ranked.count) / Double(sceneCount),
                mean: ranked.reduce(0) { $0 + Double(column[$1]) } / Double(ranked.count),
                maximum: Double(column[strongest]), norm: Double(norms[feature]))
        }
    }

    /// What is separated best by "one of the first n", for the best n: a factor value or a side that objects stand to, or, where that is
    /// clearly better, two values of one factor.
    /// - Parameter ranked: places of scenes, the strongest activation first.
    func separation(of ranked: [Int]) -> Separation {
        func best(_ properties: [Property]) -> Separation {
            properties.map { separation(of: ranked, by: $0) }.max { $0.score < $1.score }
                ?? Separation(phrase: "nothing", count: 0, score: 0)
        }
        let (one, two) = (best(single), best(double))
        return two.score > one.score + Self.gainOfTwo ? two : one
    }

    private func separation(of ranked: [Int], by property: Property) -> Separation {
        var best = Separation(phrase: property.phrase, count: 0, score: 0)
        var found = 0
        for (rank, place) in ranked.enumerated() where property.isPresent[place] {
            found += 1
            let score = 2 * Double(found) / Double(rank + 1 + property.count)
            if score > best.score { (best.count, best.score) = (rank + 1, score) }
        }
        return best
    }
}

extension ScenePlacement {
    /// A way in which objects stand beside their usual place.
    fileprivate struct Side {
        let phrase: String
        let isTaken: @Sendable (Scene) -> Bool
    }

    fileprivate static let sides: [Side] = [
        Side(phrase: "slightly left") { $0.placement.right < 0 },
        Side(phrase: "slightly right") { $0.placement.right > 0 },
        Side(phrase: "slightly higher") { $0.placement.down < 0 },
        Side(phrase: "slightly lower") { $0.placement.down > 0 },
        Side(phrase: "mirrored group") { $0.placement.isFlipped && $0.count != .one },
        Side(phrase: "unmirrored group") { !$0.placement.isFlipped && $0.count != .one },
    ]
}

extension Factor {
    /// All pairs of its values; of a factor with three, two mean no more than the absence of the third.
    fileprivate var pairs: [[Int]] {
        values.count < 4 ? [] : values.indices.flatMap { first in values.indices.dropFirst(first + 1).map { [first, $0] } }
    }

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
