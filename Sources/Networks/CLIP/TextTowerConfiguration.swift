import Foundation

/// The sizes of a CLIP text tower, as `text_encoder/config.json` gives them.
public struct TextTowerConfiguration: NetworkConfiguration, Equatable {
    /// Which of a text's tokens its embedding is read from.
    public enum Pooling: Sendable, Equatable {
        /// The one with the greatest number: the end token's in the published vocabulary, whatever the config calls it.
        case greatest
        /// The first one with this number.
        case first(Int)
    }

    public var vocabulary, length, width, hidden, layers, heads, projection: Int
    public var epsilon: Double
    public var activation: Activation
    public var pooling: Pooling

    public init(
        vocabulary: Int, length: Int = 77, width: Int, hidden: Int, layers: Int, heads: Int, projection: Int, epsilon: Double = 1e-5,
        activation: Activation = .gelu, pooling: Pooling = .greatest
    ) {
        self.vocabulary = vocabulary
        self.length = length
        self.width = width
        self.hidden = hidden
        self.layers = layers
        self.heads = heads
        self.projection = projection
        self.epsilon = epsilon
        self.activation = activation
        self.pooling = pooling
    }

    /// - Throws: `NetworkError` for an option that is missing, out of range, or not supported.
    public init(contentsOf url: URL) throws {
        var options = try ConfigurationFile(contentsOf: url)
        try options.require("model_type", .text("clip_text_model"))
        vocabulary = try options.integer("vocab_size")
        length = try options.integer("max_position_embeddings")
        let tower = try TowerOptions(&options)
        (width, hidden, layers, heads) = (tower.width, tower.hidden, tower.layers, tower.heads)
        (projection, epsilon, activation) = (tower.projection, tower.epsilon, tower.activation)
        // Old configs say 2 of every vocabulary; transformers takes it, and only it, as a sign to look for the greatest number.
        let end = try options.integer("eos_token_id", default: 49407, in: 0...1_000_000)
        pooling = end == 2 ? .greatest : .first(end)
        options.disregard("bos_token_id", "pad_token_id")
        try options.finish()
    }

    var transformer: TransformerLayer.Sizes {
        TransformerLayer.Sizes(width: width, hidden: hidden, heads: heads, epsilon: epsilon, activation: activation, causal: true)
    }
}
