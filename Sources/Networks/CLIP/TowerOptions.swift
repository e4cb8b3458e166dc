/// What the configurations of CLIP's two towers say in the same words.
struct TowerOptions {
    let width, hidden, layers, heads, projection: Int
    let epsilon: Double
    let activation: Activation

    /// - Throws: `NetworkError` for an option that is missing, out of range, or not supported.
    init(_ options: inout ConfigurationFile) throws {
        width = try options.integer("hidden_size")
        hidden = try options.integer("intermediate_size")
        layers = try options.integer("num_hidden_layers")
        heads = try options.integer("num_attention_heads")
        projection = try options.integer("projection_dim")
        epsilon = try options.number("layer_norm_eps", default: 1e-5)
        activation = try Activation(&options)
        options.disregard(
            "architectures", "attention_dropout", "dropout", "dtype", "initializer_factor", "initializer_range", "torch_dtype",
            "transformers_version")
        guard width % heads == 0 else {
            throw NetworkError.invalidOption(
                file: options.file, option: "hidden_size", found: String(width), expected: "a multiple of the \(heads) heads")
        }
    }
}

/// The activation inside a CLIP transformer's layers.
public enum Activation: String, Sendable {
    case gelu
    case quickGELU = "quick_gelu"

    init(_ options: inout ConfigurationFile) throws {
        // An absent option means quick_gelu: that is transformers' own default.
        let name = try options.text("hidden_act", default: Activation.quickGELU.rawValue)
        guard let match = Activation(rawValue: name) else {
            throw NetworkError.unsupportedOption(
                file: options.file, option: "hidden_act", found: "\"\(name)\"", supported: "\"gelu\" or \"quick_gelu\"")
        }
        self = match
    }
}
