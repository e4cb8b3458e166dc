import Networks
import Scenes
import Tensors

/// What readers of scenes are trained towards: the value of each factor, and the placement.
struct SceneLabels {
    /// `[count]` (int64), by factor in the order of `Factor.allCases`.
    let values: [Tensor]
    /// `[count, 3]`: right, down, and which way a group leans (0 for a single object).
    let placement: Tensor

    init(_ bank: SceneBank) throws {
        values = try Factor.allCases.map { try bank.labels($0) }
        let numbers = bank.scenes.flatMap { scene in
            let lean: Float = scene.count == .one ? 0 : (scene.placement.isFlipped ? 1 : -1)
            return [Float(scene.placement.right), Float(scene.placement.down), lean]
        }
        placement = try Tensor(numbers, shape: [bank.count, 3], device: .ambient)
    }
}

/// One linear map from an embedding to the logits of every factor's values and to the placement.
struct FactorReaders {
    private let linear: Linear

    init(_ weights: Weights, width: Int) throws {
        let values = Factor.allCases.reduce(0) { $0 + $1.values.count }
        linear = try Linear(weights, from: width, to: values + 3)
    }

    /// Cross entropy with smoothed targets, averaged over the factors, plus the squared error of the placement.
    func loss(_ embedding: Tensor, _ labels: SceneLabels, _ indices: Tensor, smoothing: Double) throws -> Tensor {
        let (logits, placement) = try read(embedding)
        var total = try (placement - labels.placement.selecting(indices)).squared().mean()
        for (logits, values) in zip(logits, labels.values) {
            let sharp = try logits.crossEntropy(values.selecting(indices))
            let spread = try -logits.logSoftmax().mean()
            total = try total + sharp * (1 - smoothing) + spread * smoothing
        }
        return try total * (1 / Double(logits.count))
    }

    /// The part of the embeddings whose value is read right, by factor.
    func accuracy(_ embeddings: Tensor, _ labels: SceneLabels) throws -> [String: Double] {
        let (logits, placement) = try read(embeddings)
        var figures = ["placement": try (placement - labels.placement).squared().mean().item()]
        for (index, factor) in Factor.allCases.enumerated() {
            figures[factor.rawValue] = try logits[index].argmax(1).isEqual(to: labels.values[index]).to(.float32).mean().item()
        }
        return figures
    }

    /// The logits of every factor's values, in the order of `Factor.allCases`, and the placement.
    func read(_ embedding: Tensor) throws -> (logits: [Tensor], placement: Tensor) {
        let output = try linear(embedding)
        var start = 0
        let logits = try Factor.allCases.map { factor in
            defer { start += factor.values.count }
            return try output.narrowed(1, from: start, length: factor.values.count)
        }
        return (logits, try output.narrowed(1, from: start, length: 3))
    }
}
