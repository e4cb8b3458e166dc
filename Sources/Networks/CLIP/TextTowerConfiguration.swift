import Foundation

/// The sizes of a CLIP text tower, as `text_encoder/config.json` gives them.
public struct TextTowerConfiguration: Sendable, Equatable {
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
        var options = try Configuration(contentsOf: url)
        try options.require("model_type", .text("clip_text_model"))
        vocabulary = try options.integer("vocab_size")
        length = try options.integer("max_position_embeddings")
        width = try options.integer("hidden_size")
        hidden = try options.integer("intermediate_size")
        layers = try options.integer("num_hidden_layers")
        heads = try options.integer("num_attention_heads")
        projection = try options.integer("projection_dim")
        epsilon = try options.number("layer_norm_eps", default: 1e-5)
        activation = try Activation(&options)
        // Old configs say 2 of every vocabulary; transformers takes it, and only it, as a sign to look for the greatest number.
        let end = try options.integer("eos_token_id", default: 49407, in: 0...1_000_000)
        pooling = end == 2 ? .greatest : .first(end)
        options.disregard(
            "architectures", "attention_dropout", "bos_token_id", "dropout", "dtype", "initializer_factor", "initializer_range",
            "pad_token_id", "torch_dtype", "transformers_version")
        try options.finish()
        guard width % heads == 0 else {
            throw NetworkError.invalidOption(
                file: url.path, option: "hidden_size", found: String(width), expected: "a multiple of the \(heads) heads")
        }
    }

    var transformer: TransformerLayer.Sizes {
        TransformerLayer.Sizes(width: width, hidden: hidden, heads: heads, epsilon: epsilon, activation: activation, causal: true)
    }
}
