import Tensors

/// A sparse autoencoder of embeddings: `f = relu(W·e + b)`, `ê = Σ fᵢ dᵢ + c`.
///
/// Embeddings are `[batch, width]`, features `[batch, count]`. The decoder is kept with one row per feature, so that an edit of k features
/// is a gather of k rows. Matches the published `clip-sae-128`: no bias is subtracted before encoding, nothing is normalised.
public struct SparseAutoencoder {
    /// The number of features.
    public let count: Int
    /// The size of an embedding.
    public let width: Int
    /// Row i is the direction of feature i: `[count, width]`.
    public let directions: Tensor
    /// The Euclidean norm of each direction, `[count]`.
    public let norms: Tensor
    let encoder, encoderBias, decoderBias: Tensor

    public init(_ weights: Weights, count: Int, width: Int) throws {
        self.count = count
        self.width = width
        encoder = try weights["encoder"].parameter("weight", [count, width])
        encoderBias = try weights.parameter("enc_bias", [count])
        directions = try weights["decoder"].parameter("weight", [width, count]).transposed().contiguous()
        decoderBias = try weights.parameter("dec_bias", [width])
        norms = try directions.to(.float32).norm([1])
    }

    /// The activation of every feature: `[batch, width]` → `[batch, count]`.
    public func encode(_ embedding: Tensor) throws -> Tensor {
        try embedding.to(encoder.dataType).linear(encoder, encoderBias).relu().to(.float32)
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
