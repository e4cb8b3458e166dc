import Foundation

/// The sizes of the published prior, as `prior/config.json` gives them.
public struct PriorConfiguration: NetworkConfiguration, Equatable {
    /// How many numbers an embedding has, of a picture and of a text alike.
    public var embeddingWidth: Int
    /// How many tokens a text has.
    public var textLength: Int
    public var layers, heads, headWidth: Int

    public init(embeddingWidth: Int, textLength: Int = 77, layers: Int, heads: Int, headWidth: Int) {
        self.embeddingWidth = embeddingWidth
        self.textLength = textLength
        self.layers = layers
        self.heads = heads
        self.headWidth = headWidth
    }

    /// - Throws: `NetworkError` for an option that is missing, out of range, or not supported.
    public init(contentsOf url: URL) throws {
        var options = try ConfigurationFile(contentsOf: url)
        try options.require("_class_name", .text("PriorTransformer"))
        embeddingWidth = try options.integer("embedding_dim", default: 768)
        textLength = try options.integer("num_embeddings", default: 77)
        layers = try options.integer("num_layers", default: 20)
        heads = try options.integer("num_attention_heads", default: 32)
        headWidth = try options.integer("attention_head_dim", default: 64)
        try options.require("additional_embeddings", .integer(Self.addedTokens))
        try options.require("time_embed_act_fn", .text("silu"))
        try options.require("encoder_hid_proj_type", .text("linear"))
        try options.require("added_emb_type", .text("prd"))
        for name in ["norm_in_type", "embedding_proj_norm_type", "time_embed_dim", "embedding_proj_dim", "clip_embed_dim"] {
            try options.require(name)
        }
        options.disregard("dropout")
        try options.finish()
        guard width % 2 == 0 else {
            throw NetworkError.invalidOption(
                file: url.path, option: "attention_head_dim", found: String(headWidth), expected: "an even width of all heads together")
        }
    }

    /// The text's embedding, the timestep, the noisy image embedding, and the token whose output is the prediction.
    static let addedTokens = 4

    /// The width of a token.
    var width: Int { heads * headWidth }

    /// The number of tokens.
    var length: Int { textLength + Self.addedTokens }
}
