import Tensors

/// A sparse autoencoder of embeddings: `f = σ(W·(n(e) − b) + a)`, of which all above 0, the k largest, or those above a threshold are kept;
/// `ê = n⁻¹(Σ fᵢ dᵢ + c)`.
///
/// Embeddings are `[batch, width]`, features `[batch, count]`. The decoder is kept with one row per feature, so that an edit of k features
/// is a gather of k rows. `n` is how the autoencoder normalises what it is given, nothing as a rule; `b` is its decoder's bias `c` or nothing.
/// `SparseAutoencoderConfiguration` says which of these an autoencoder is.
///
/// An autoencoder that normalises has its features and directions in normalised units. A unit of feature i moves an embedding `e` by `s(e)·dᵢ`,
/// where `s(e)` is the deviation or the length that normalising divided by; see `scale(of:)`.
public struct SparseAutoencoder {
    /// Which features are kept of those above 0.
    public enum Activation: Sendable, Equatable {
        case relu
        /// The k largest of each embedding, and what equals the last of them (Gao et al., "Scaling and evaluating sparse autoencoders", 2024).
        case topK(Int)
        /// Those whose `W·e + b` exceeds the parameter `threshold`, of this shape: one number for each feature or for all
        /// (Rajamanoharan et al., "Jumping Ahead: Improving Reconstruction Fidelity with JumpReLU Sparse Autoencoders", 2024).
        case threshold(shape: [Int])
    }

    /// What is done to an embedding before it is encoded, and undone after decoding.
    public enum Normalisation: String, Sendable, Equatable {
        case none
        /// Scaled to the length √width: SAELens's `constant_norm_rescale`.
        case constantNorm = "constant_norm_rescale"
        /// To mean 0 and deviation 1 over its own numbers, the deviation being the unbiased one plus 1e-5: OpenAI's and SAELens's `layer_norm`.
        case layerNorm = "layer_norm"
    }

    /// The number of features.
    public let count: Int
    /// The size of an embedding.
    public let width: Int
    /// Row i is the direction of feature i: `[count, width]`.
    public let directions: Tensor
    /// The Euclidean norm of each direction, `[count]`.
    public let norms: Tensor
    public let activation: Activation
    public let normalisation: Normalisation
    let encoder, encoderBias, decoderBias: Tensor
    let threshold: Tensor?
    let subtractsDecoderBias: Bool
    /// Whether a feature that equals its threshold is kept.
    let keepsThreshold: Bool

    /// A file of Fader's own layout, for training and tests; `SparseAutoencoderFile` reads all layouts.
    /// - Parameters:
    ///   - weights: `encoder.weight`, `enc_bias`, `decoder.weight`, `dec_bias` and, for a JumpReLU, `threshold`.
    ///   - count: the number of features.
    ///   - width: the length of an embedding.
    ///   - activation: what the encoder's output goes through.
    ///   - subtractsDecoderBias: whether embeddings are encoded as their difference to the decoder's bias.
    /// - Throws: `NetworkError` when a parameter is missing or misshapen, or `activation` does not suit the sizes.
    public init(
        _ weights: Weights, count: Int, width: Int, activation: Activation = .relu, subtractsDecoderBias: Bool = false
    ) throws {
        var configuration = SparseAutoencoderConfiguration(threshold: nil)
        configuration.activation = activation
        configuration.subtractsDecoderBias = subtractsDecoderBias
        let layout = SparseAutoencoderLayout.own
        try self.init(
            SparseAutoencoderParameters(weights, layout, configuration, count: count, width: width), configuration, count: count,
            width: width)
    }

    /// Takes the parameters as a file has them, and brings them into one form.
    init(_ parameters: SparseAutoencoderParameters, _ configuration: SparseAutoencoderConfiguration, count: Int, width: Int) throws {
        self.count = count
        self.width = width
        activation = configuration.activation
        normalisation = configuration.normalisation
        subtractsDecoderBias = configuration.subtractsDecoderBias
        keepsThreshold = configuration.keepsThreshold
        let folded = try parameters.folded(configuration)
        (encoder, encoderBias, decoderBias) = (folded.encoder, folded.encoderBias, folded.decoderBias)
        threshold = try folded.threshold?.to(.float32)
        directions = folded.directions
        norms = try directions.to(.float32).norm([1])
    }

    /// The activation of every feature: `[batch, width]` → `[batch, count]`.
    public func encode(_ embedding: Tensor) throws -> Tensor {
        let normalised = try normalised(embedding).to(encoder.dataType)
        let centred = subtractsDecoderBias ? try normalised - decoderBias : normalised
        return try kept(centred.linear(encoder, encoderBias).to(.float32))
    }

    private func kept(_ sums: Tensor) throws -> Tensor {
        let features = try sums.relu()
        if let threshold {
            if keepsThreshold { return try features * features.isAtLeast(threshold).to(.float32) }
            return try features - features * threshold.isAtLeast(sums).to(.float32)
        }
        guard case .topK(let k) = activation else { return features }
        let least = try features.top(k).values.narrowed(1, from: k - 1, length: 1)
        return try features * features.isAtLeast(least).to(.float32)
    }

    /// The embedding that features stand for: `[batch, count]` → `[batch, width]`.
    /// - Parameters:
    ///   - features: activations, `[batch, count]`.
    ///   - embedding: the one that the features are of, `[batch, width]`: what normalising took from it is given back.
    public func decode(_ features: Tensor, of embedding: Tensor) throws -> Tensor {
        try restored((features.to(directions.dataType).matmul(directions) + decoderBias).to(.float32), of: embedding)
    }

    /// The embedding `[1, width]` that one embedding's activations stand for: only the directions of active features are read.
    /// - Parameters:
    ///   - activations: every feature's.
    ///   - embedding: the one that the activations are of, `[1, width]`.
    public func decode(_ activations: [Float], of embedding: Tensor) throws -> Tensor {
        let active = activations.indices.filter { activations[$0] != 0 }
        let bias = try decoderBias.to(.float32).reshaped([1, width])
        if active.isEmpty { return try restored(bias, of: embedding) }
        let indices = try Tensor(active.map(Int64.init), shape: [active.count], device: directions.device)
        let amounts = try Tensor(active.map { activations[$0] }, shape: [1, active.count], device: directions.device)
        let sum = try amounts.matmul(directions.selecting(indices).to(.float32))
        return try restored(sum + bias, of: embedding)
    }

    private func restored(_ decoded: Tensor, of embedding: Tensor) throws -> Tensor {
        switch normalisation {
        case .none: return decoded
        case .constantNorm: return try decoded * scale(of: embedding)
        case .layerNorm: return try decoded * scale(of: embedding) + embedding.to(.float32).mean([1], keep: true)
        }
    }

    /// How far a unit of activation moves an embedding along a direction, `[batch, 1]`: 1 unless the autoencoder normalises.
    public func scale(of embedding: Tensor) throws -> Tensor {
        let embedding = try embedding.to(.float32)
        switch normalisation {
        case .none: return try Tensor.ones([embedding.size(0), 1], device: embedding.device)
        case .constantNorm: return try embedding.norm([1], keep: true) / Double(width).squareRoot()
        case .layerNorm:
            let centred = try embedding - embedding.mean([1], keep: true)
            return try (centred.squared().sum([1], keep: true) / Double(max(1, width - 1))).squareRoot()
        }
    }

    private func normalised(_ embedding: Tensor) throws -> Tensor {
        switch normalisation {
        case .none: return embedding
        case .constantNorm: return try embedding.to(.float32) / scale(of: embedding)
        case .layerNorm:
            let wide = try embedding.to(.float32)
            return try (wide - wide.mean([1], keep: true)) / (scale(of: wide) + 1e-5)
        }
    }

    /// `e + s(e)·Σ cᵢ dᵢ`: the embedding `[1, width]` moved along the directions of some features.
    ///
    /// This equals decoding the edited features and adding back the reconstruction error, since the decoder is linear, but costs only the edited rows.
    public func moved(_ embedding: Tensor, by changes: [(feature: Int, amount: Float)]) throws -> Tensor {
        if changes.isEmpty { return embedding }
        for change in changes {
            guard (0..<count).contains(change.feature) else {
                throw NetworkError.unsuitableInput("There is no feature \(change.feature): the autoencoder has features 0 to \(count - 1).")
            }
            guard change.amount.isFinite else {
                throw NetworkError.unsuitableInput("The value for feature \(change.feature) is not a finite number.")
            }
        }
        let indices = try Tensor(changes.map { Int64($0.feature) }, shape: [changes.count]).to(device: directions.device)
        let amounts = try Tensor(changes.map(\.amount), shape: [1, changes.count]).to(device: directions.device)
        let move = try amounts.matmul(directions.selecting(indices).to(.float32))
        return try embedding + (normalisation == .none ? move : move * scale(of: embedding))
    }
}
