import Networks
import Scenes
import Tensors

/// A way to move embeddings towards a factor value, to be compared with others.
enum SteeringMethod: String, CaseIterable {
    /// The value's feature set to its typical activation, the features of the factor's other values set to 0.
    case feature
    /// From the mean embedding of the scene's own value to that of the other.
    case differenceOfMeans = "difference of means"
    /// As far as `feature` goes, along the direction of a random feature.
    case randomFeature = "random feature"
    /// Nothing is moved.
    case none = "no edit"
}

extension Evaluation {
    /// Every value of the factors that are steered, in every way: does the judge see it, and is everything else as in the unedited picture?
    func steering(_ choice: FeatureChoice) throws -> [PackFigures.Steering] {
        let indices = try Tensor((0..<min(settings.steered, heldOut.count)).map(Int64.init), shape: [min(settings.steered, heldOut.count)])
        let noise = try noise(from: 0, count: indices.count)
        let own = try embeddings.selecting(indices)
        let unedited = try read(own, noise)
        return try choice.choices.filter { settings.steeredFactors.contains($0.factor) }.flatMap { target in
            try SteeringMethod.allCases.map { method in
                let moved = try self.moved(own, scenes(indices), to: target, choice, method)
                let edited = try method == .none ? unedited : read(moved, noise)
                return try steering(target, method, edited, unedited)
            }
        }
    }

    private func read(_ embeddings: Tensor, _ noise: Tensor) throws -> [[Factor: Int]] {
        try stride(from: 0, to: embeddings.size(0), by: Self.batch).flatMap { start in
            let length = min(Self.batch, embeddings.size(0) - start)
            let (part, from) = (try embeddings.narrowed(0, from: start, length: length), try noise.narrowed(0, from: start, length: length))
            return try judge.values(of: pack.pictures(of: part, from: from, steps: settings.steps))
        }
    }

    private func steering(
        _ target: FeatureChoice.Choice, _ method: SteeringMethod, _ edited: [[Factor: Int]], _ unedited: [[Factor: Int]]
    ) throws -> PackFigures.Steering {
        let others = Factor.allCases.filter { $0 != target.factor }
        let same = zip(edited, unedited).map { edited, unedited in others.map { edited[$0] == unedited[$0] ? 1.0 : 0 } }
        let kept = others.indices.map { place in same.reduce(0) { $0 + $1[place] } }
        let worst = others.indices.min { kept[$0] < kept[$1] } ?? 0
        return PackFigures.Steering(
            factor: target.factor.rawValue, value: target.factor.values[target.value], method: method.rawValue,
            feature: method == .feature ? target.feature : nil,
            reached: try Measurement(meanOf: edited.map { $0[target.factor] == target.value ? 1 : 0 }),
            kept: try Measurement(meanOf: same.map { $0.reduce(0, +) / Double(others.count) }), worst: others[worst].rawValue)
    }

    private func moved(
        _ own: Tensor, _ scenes: [Scene], to target: FeatureChoice.Choice, _ choice: FeatureChoice, _ method: SteeringMethod
    ) throws -> Tensor {
        switch method {
        case .none: return own
        case .differenceOfMeans:
            let means = try target.factor.values.indices.map { try mean(of: target.factor, $0) }
            let rows = try scenes.map { try means[target.value] - means[$0[target.factor]] }
            return try own + Tensor.concatenated(rows, dimension: 0)
        case .feature: return try own + change(own, to: target, choice)
        case .randomFeature:
            let size = try change(own, to: target, choice).norm([1], keep: true)
            let directions = pack.sparseAutoencoder.directions
            let place = (target.feature + 1 + target.value) * 7919 % pack.sparseAutoencoder.count
            let direction = try directions.narrowed(0, from: place, length: 1)
            return try own + direction / direction.norm([1], keep: true) * size
        }
    }

    /// What setting the target's feature, and the others of its factor to 0, adds to each embedding.
    private func change(_ own: Tensor, to target: FeatureChoice.Choice, _ choice: FeatureChoice) throws -> Tensor {
        let features = try pack.sparseAutoencoder.encode(own)
        let others = choice.choices.filter { $0.factor == target.factor && $0.feature != target.feature }.map(\.feature)
        let settings = [(target.feature, target.typical)] + Set(others).sorted().map { ($0, Float(0)) }
        return try settings.reduce(Tensor.zeros(own.shape)) { sum, setting in
            let missing = try features.narrowed(1, from: setting.0, length: 1) * -1 + Double(setting.1)
            return try sum + missing * pack.sparseAutoencoder.directions.narrowed(0, from: setting.0, length: 1)
        }
    }

    /// The mean embedding of the training scenes with a factor value, `[1, width]`.
    private func mean(of factor: Factor, _ value: Int) throws -> Tensor {
        let places = training.scenes.indices.filter { training.scenes[$0][factor] == value }.map(Int64.init)
        return try trainingEmbeddings.selecting(Tensor(places, shape: [places.count])).mean([0], keep: true)
    }
}
