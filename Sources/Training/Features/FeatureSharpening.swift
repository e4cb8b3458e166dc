import Networks
import Scenes
import Tensors

/// Makes the features of a trained sparse autoencoder mean one thing each: every feature is given the threshold from which on it separates its
/// meaning best, so that it is active when that is there and only then.
///
/// Sparse training leaves features weakly active where their meaning is not, since a little of everything explains a little more. A threshold
/// for each feature cuts that off (Rajamanoharan et al., "Jumping Ahead: Improving Reconstruction Fidelity with JumpReLU Sparse
/// Autoencoders", 2024). What is left explains embeddings best along slightly other directions, which least squares finds.
struct FeatureSharpening {
    private let naming: FactorNaming
    /// `[count, width]`.
    private let embeddings: Tensor

    /// - Parameter embeddings: those of the scenes, `[count, width]`.
    init(_ scenes: [Scene], _ embeddings: Tensor) {
        naming = FactorNaming(scenes)
        self.embeddings = embeddings
    }

    /// The tensors of the sharpened autoencoder, as its file has them; directions have length 1.
    func sharpened(_ autoencoder: SparseTrainer.Trained) throws -> NamedTensors {
        let sums = try embeddings.linear(autoencoder.encoder, autoencoder.encoderBias)
        let thresholds = try Tensor(thresholds(sums, least: autoencoder.threshold), shape: [sums.size(1)], device: .ambient)
        let features = try sums - sums * thresholds.isAtLeast(sums).to(.float32)
        let (directions, bias) = try leastSquares(features, usual: autoencoder.decoder)
        let lengths = try directions.norm([1]) + 1e-8
        return [
            ("encoder.weight", try autoencoder.encoder * lengths.reshaped([-1, 1])),
            ("enc_bias", try autoencoder.encoderBias * lengths),
            ("decoder.weight", try (directions / lengths.reshaped([-1, 1])).transposed().contiguous()),
            ("dec_bias", bias), ("threshold", try thresholds * lengths),
        ]
    }

    /// One for each feature: half-way between the weakest activation that belongs to its meaning and the next one.
    /// - Parameters:
    ///   - sums: what features are before the threshold, `[scenes, features]`.
    ///   - least: the threshold so far, which unclear features keep.
    private func thresholds(_ sums: Tensor, least: Float) throws -> [Float] {
        let activations = try FeatureActivations(
            sums - sums * Tensor.full([1], Double(max(least, 0)), device: .ambient).isAtLeast(sums).to(.float32))
        return zip(activations.columns, activations.ranked).map { column, ranked in
            let best = naming.separation(of: ranked)
            guard best.score >= FactorNaming.clearScore, best.count < ranked.count else { return max(least, 0) }
            return (column[ranked[best.count - 1]] + column[ranked[best.count]]) / 2
        }
    }

    /// The directions `[features, width]` and the bias `[width]` with which features explain the embeddings best.
    /// - Parameter usual: the directions so far, which features keep that are never active.
    private func leastSquares(_ features: Tensor, usual: Tensor) throws -> (directions: Tensor, bias: Tensor) {
        let count = features.size(1)
        let inputs = try Tensor.concatenated([features, Tensor.ones([features.size(0), 1], device: .ambient)], dimension: 1).to(.float64)
        let gram = try inputs.transposed().matmul(inputs).rows()
        let products = try inputs.transposed().matmul(embeddings.to(.float64)).rows()
        let solved = try Tensor(
            solution(of: gram, products).flatMap { $0.map(Float.init) }, shape: [count + 1, embeddings.size(1)], device: .ambient)
        let isUsed = try features.largest([0]).isGreater(than: 0).to(.float32).reshaped([-1, 1])
        let fitted = try solved.narrowed(0, from: 0, length: count)
        return (try usual + (fitted - usual) * isUsed, try solved.narrowed(0, from: count, length: 1).reshaped([-1]))
    }
}
