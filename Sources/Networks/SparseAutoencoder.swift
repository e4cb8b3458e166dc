import Tensors

/// A sparse autoencoder of embeddings: `f = relu(W·e + b)`, of which all, the k largest, or those above a threshold are kept; `ê = Σ fᵢ dᵢ + c`.
///
/// Embeddings are `[batch, width]`, features `[batch, count]`. The decoder is kept with one row per feature, so that an edit of k features
/// is a gather of k rows. As it stands this is the published `clip-sae-128`: every feature is kept, no bias is subtracted before encoding,
/// nothing is normalised. `SparseAutoencoderConfiguration` says how a file asks for anything else.
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

    /// The number of features.
    public let count: Int
    /// The size of an embedding.
    public let width: Int
    /// Row i is the direction of feature i: `[count, width]`.
    public let directions: Tensor
    /// The Euclidean norm of each direction, `[count]`.
    public let norms: Tensor
    public let activation: Activation
    let encoder, encoderBias, decoderBias: Tensor
    let threshold: Tensor?
    let subtractsDecoderBias: Bool

    /// The parameters as a checkpoint has them.
    public struct Parameters {
        let encoder, encoderBias, decoder, decoderBias: Tensor
        let threshold: Tensor?

        /// - Throws: `NetworkError` when one is missing or misshapen, or `activation` does not suit the sizes.
        public init(_ weights: Weights, count: Int, width: Int, activation: Activation) throws {
            threshold = try SparseAutoencoder.threshold(weights, activation, count: count)
            encoder = try weights["encoder"].parameter("weight", [count, width])
            encoderBias = try weights.parameter("enc_bias", [count])
            decoder = try weights["decoder"].parameter("weight", [width, count])
            decoderBias = try weights.parameter("dec_bias", [width])
        }
    }

    /// - Parameter subtractsDecoderBias: whether embeddings are encoded as their difference to the decoder's bias.
    /// - Throws: `NetworkError` when a parameter is missing or misshapen, or `activation` does not suit the sizes.
    public init(
        _ weights: Weights, count: Int, width: Int, activation: Activation = .relu, subtractsDecoderBias: Bool = false
    ) throws {
        self.count = count
        self.width = width
        self.activation = activation
        self.subtractsDecoderBias = subtractsDecoderBias
        let parameters = try Parameters(weights, count: count, width: width, activation: activation)
        threshold = try parameters.threshold?.to(.float32)
        (encoder, encoderBias, decoderBias) = (parameters.encoder, parameters.encoderBias, parameters.decoderBias)
        directions = try parameters.decoder.transposed().contiguous()
        norms = try directions.to(.float32).norm([1])
    }

    /// The activation of every feature: `[batch, width]` → `[batch, count]`.
    public func encode(_ embedding: Tensor) throws -> Tensor {
        let centred = subtractsDecoderBias ? try embedding.to(encoder.dataType) - decoderBias : try embedding.to(encoder.dataType)
        return try kept(centred.linear(encoder, encoderBias).to(.float32))
    }

    private func kept(_ sums: Tensor) throws -> Tensor {
        let features = try sums.relu()
        if let threshold { return try features - features * threshold.isAtLeast(sums).to(.float32) }
        guard case .topK(let k) = activation else { return features }
        let least = try features.top(k).values.narrowed(1, from: k - 1, length: 1)
        return try features * features.isAtLeast(least).to(.float32)
    }

    private static func threshold(_ weights: Weights, _ activation: Activation, count: Int) throws -> Tensor? {
        switch activation {
        case .relu: return nil
        case .topK(let k):
            guard (1...count).contains(k) else {
                throw NetworkError.unsuitableInput("An autoencoder of \(count) features cannot keep the \(k) largest.")
            }
            return nil
        case .threshold(let shape):
            guard shape == [count] || shape == [1] || shape.isEmpty else {
                throw NetworkError.unsuitableInput(
                    "A threshold holds one number or one for each of \(count) features; this one is \(shape).")
            }
            return try weights.parameter("threshold", shape)
        }
    }

    /// The embedding that features stand for: `[batch, count]` → `[batch, width]`.
    public func decode(_ features: Tensor) throws -> Tensor {
        try (features.to(directions.dataType).matmul(directions) + decoderBias).to(.float32)
    }

    /// `e + Σ cᵢ dᵢ`: the embedding `[1, width]` moved along the directions of some features.
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
        return try embedding + amounts.matmul(directions.selecting(indices).to(.float32))
    }
}
