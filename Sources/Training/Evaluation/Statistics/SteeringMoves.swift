import Networks
import Scenes
import Tensors

/// What each way of steering adds to embeddings, learnt from training scenes alone.
struct SteeringMoves {
    private let autoencoder: SparseAutoencoder
    let choice: FeatureChoice
    private let embeddings: Tensor
    private let principal: PrincipalDirections
    /// The mean embedding `[1, width]` of the scenes with each value.
    private let means: [Factor: [Tensor]]
    /// The mean embedding of the scenes with every other value.
    private let meansOfOthers: [Factor: [Tensor]]

    private static let principalCount = 32

    /// - Parameter embeddings: those of the scenes of the bank, `[count, width]`.
    init(_ autoencoder: SparseAutoencoder, _ bank: SceneBank, _ embeddings: Tensor) throws {
        self.autoencoder = autoencoder
        self.embeddings = embeddings
        choice = try FeatureChoice(bank, autoencoder.encode(embeddings))
        principal = try PrincipalDirections(embeddings, count: Self.principalCount)
        means = try Self.means(bank, embeddings) { $0 == $1 }
        meansOfOthers = try Self.means(bank, embeddings) { $0 != $1 }
    }

    /// What is added to the embeddings `[count, width]` of some scenes.
    func change(_ own: Tensor, _ scenes: [Scene], to target: FeatureChoice.Choice, _ method: SteeringMethod) throws -> Tensor {
        switch method {
        case .none: return try Tensor.zeros(own.shape, device: .ambient)
        case .feature: return try setting([target.best], clearing: others(of: target).map(\.best), in: own)
        case .group: return try setting(target.group, clearing: others(of: target).flatMap(\.group), in: own)
        case .differenceOfMeans:
            let means = means[target.factor] ?? []
            return try Tensor.concatenated(scenes.map { try means[target.value] - means[$0[target.factor]] }, dimension: 0)
        case .principalDirection:
            guard let mean = means[target.factor]?[target.value], let others = meansOfOthers[target.factor]?[target.value] else {
                return try Tensor.zeros(own.shape, device: .ambient)
            }
            return try length(own, scenes, to: target) * principal.towards(mean, from: others, among: embeddings)
        case .randomFeature:
            let direction = try autoencoder.directions.narrowed(0, from: randomFeature(besides: target), length: 1)
            return try length(own, scenes, to: target) * direction / direction.norm([1], keep: true)
        }
    }

    /// How far the group of the target moves each embedding: `[count, 1]`.
    private func length(_ own: Tensor, _ scenes: [Scene], to target: FeatureChoice.Choice) throws -> Tensor {
        try change(own, scenes, to: target, .group).norm([1], keep: true)
    }

    private func others(of target: FeatureChoice.Choice) -> [FeatureChoice.Choice] {
        choice.choices.filter { $0.factor == target.factor && $0.value != target.value }
    }

    private func randomFeature(besides target: FeatureChoice.Choice) -> Int {
        let candidates = choice.active.filter { feature in !target.group.contains { $0.feature == feature } }
        guard !candidates.isEmpty else { return target.best.feature }
        let place = choice.choices.firstIndex { $0.factor == target.factor && $0.value == target.value } ?? 0
        // A prime that is larger than any number of features spreads neighbouring values over all of them.
        return candidates[(place + 1) * 1_000_003 % candidates.count]
    }

    private func setting(
        _ members: [FeatureChoice.Member], clearing others: [FeatureChoice.Member], in own: Tensor
    ) throws -> Tensor {
        let kept = Set(members.map(\.feature))
        let cleared = Set(others.map(\.feature)).subtracting(kept).sorted()
        let features = try autoencoder.encode(own)
        return try (members.map { ($0.feature, $0.typical) } + cleared.map { ($0, Float(0)) }).reduce(
            Tensor.zeros(own.shape, device: .ambient)
        ) {
            sum, setting in
            let missing = try features.narrowed(1, from: setting.0, length: 1) * -1 + Double(setting.1)
            return try sum + missing * autoencoder.directions.narrowed(0, from: setting.0, length: 1)
        }
    }

    private static func means(
        _ bank: SceneBank, _ embeddings: Tensor, _ belongs: (_ own: Int, _ value: Int) -> Bool
    ) throws -> [Factor: [Tensor]] {
        try Dictionary(
            uniqueKeysWithValues: Factor.allCases.map { factor in
                let means = try factor.values.indices.map { value in
                    let places = bank.scenes.indices.filter { belongs(bank.scenes[$0][factor], value) }.map(Int64.init)
                    guard !places.isEmpty else { return try embeddings.mean([0], keep: true) }
                    return try embeddings.selecting(Tensor(places, shape: [places.count], device: .ambient)).mean([0], keep: true)
                }
                return (factor, means)
            })
    }
}

/// A way to move embeddings towards a factor value, to be compared with others.
enum SteeringMethod: String, CaseIterable {
    /// The value's best feature set to its typical activation, those of the factor's other values set to 0.
    case feature
    /// The same with the fewest features that stand for the value together.
    case group = "feature group"
    /// From the mean embedding of the scene's own value to that of the other.
    case differenceOfMeans = "difference of means"
    /// As far as `group` goes, along the principal component on which the value stands out most.
    case principalDirection = "principal component"
    /// As far as `group` goes, along the direction of a random feature that is active in some scene.
    case randomFeature = "random feature"
    /// Nothing is moved.
    case none = "no edit"
}
