import Tensors

/// How much of a picture's embedding the autoencoder's features give back.
public struct Reconstruction: Sendable, Equatable, Codable {
    /// Of the embedding and what the features stand for.
    public var cosine: Float
    /// `1 − var(e − ê) / var(e)`, the variance being that of the numbers of one embedding; below 0 where the features make it worse.
    public var explained: Float
    /// How many features are above 0.
    public var activeCount: Int

    /// Below this share, more of the embedding is left out than is explained. Autoencoders explain at least 0.8 of what they were trained on,
    /// and 0 or less of embeddings of another model, so half tells the two apart with room on both sides.
    public static let leastExplained: Float = 0.5

    public init(cosine: Float, explained: Float, activeCount: Int) {
        self.cosine = cosine
        self.explained = explained
        self.activeCount = activeCount
    }

    /// - Parameters:
    ///   - restored: what `activations` stand for, `[1, width]`.
    ///   - activations: every feature's in `embedding`.
    ///   - embedding: `[1, width]`.
    init(_ restored: Tensor, _ activations: [Float], of embedding: Tensor) throws {
        let found = try embedding.to(.float32)
        let restored = try restored.to(.float32)
        func spread(_ tensor: Tensor) throws -> Double { try (tensor - tensor.mean()).squared().sum().item() }
        let lengths = try found.norm().item() * restored.norm().item()
        cosine = lengths > 0 ? Float(try (found * restored).sum().item() / lengths) : 0
        let whole = try spread(found)
        explained = whole > 0 ? Float(1 - (try spread(found - restored)) / whole) : 0
        activeCount = activations.count { $0 > 0 }
    }

    /// Whether the autoencoder does not fit the picture, so that its features say little about it.
    public var isPoor: Bool { explained < Self.leastExplained }
}
