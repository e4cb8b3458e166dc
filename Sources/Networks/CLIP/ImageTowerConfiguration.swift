import Foundation

/// The sizes of a CLIP image tower, as `image_encoder/config.json` gives them.
public struct ImageTowerConfiguration: Sendable, Equatable {
    public var imageSize, patchSize, width, hidden, layers, heads, projection: Int
    public var epsilon: Double
    public var activation: Activation

    public init(
        imageSize: Int, patchSize: Int, width: Int, hidden: Int, layers: Int, heads: Int, projection: Int, epsilon: Double = 1e-5,
        activation: Activation = .gelu
    ) {
        self.imageSize = imageSize
        self.patchSize = patchSize
        self.width = width
        self.hidden = hidden
        self.layers = layers
        self.heads = heads
        self.projection = projection
        self.epsilon = epsilon
        self.activation = activation
    }

    /// - Throws: `NetworkError` for an option that is missing, out of range, or not supported.
    public init(contentsOf url: URL) throws {
        var options = try Configuration(contentsOf: url)
        try options.require("model_type", .text("clip_vision_model"))
        try options.require("num_channels", .number(3))
        imageSize = try options.integer("image_size")
        patchSize = try options.integer("patch_size")
        width = try options.integer("hidden_size")
        hidden = try options.integer("intermediate_size")
        layers = try options.integer("num_hidden_layers")
        heads = try options.integer("num_attention_heads")
        projection = try options.integer("projection_dim")
        epsilon = try options.number("layer_norm_eps", default: 1e-5)
        activation = try Activation(&options)
        options.disregard(
            "architectures", "attention_dropout", "dropout", "dtype", "torch_dtype", "initializer_factor", "initializer_range",
            "transformers_version")
        try options.finish()
        guard patchSize <= imageSize, width % heads == 0 else {
            throw NetworkError.invalidOption(
                file: url.path, option: "hidden_size", found: String(width), expected: "a multiple of the \(heads) heads")
        }
    }

    var patchesPerSide: Int { imageSize / patchSize }

    var transformer: TransformerLayer.Sizes {
        TransformerLayer.Sizes(width: width, hidden: hidden, heads: heads, epsilon: epsilon, activation: activation, causal: false)
    }
}

/// The activation inside a CLIP transformer's layers.
public enum Activation: String, Sendable {
    case gelu
    case quickGELU = "quick_gelu"

    init(_ options: inout Configuration) throws {
        // An absent option means quick_gelu: that is transformers' own default.
        let name = try options.text("hidden_act", default: Activation.quickGELU.rawValue)
        guard let match = Activation(rawValue: name) else {
            throw NetworkError.unsupportedOption(
                file: options.file, option: "hidden_act", found: "\"\(name)\"", supported: "\"gelu\" or \"quick_gelu\"")
        }
        self = match
    }
}
