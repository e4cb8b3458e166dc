import Foundation

/// The sizes of a Kandinsky 2.2 U-Net, as `unet/config.json` gives them.
public struct UNetConfiguration: NetworkConfiguration, Equatable {
    /// Channels of each level, highest resolution first.
    public var channels: [Int]
    public var layersPerBlock: Int
    public var inputChannels, outputChannels: Int
    /// The width of one attention head.
    public var headWidth: Int
    /// The size of each image token.
    public var tokenWidth: Int
    /// The size of the image embedding.
    public var embeddingWidth: Int
    public var groups: Int
    public var epsilon: Double
    public var sampleSize: Int

    /// How many tokens an image embedding becomes; fixed by the architecture.
    static let tokens = 32

    public init(
        channels: [Int], layersPerBlock: Int, inputChannels: Int, outputChannels: Int, headWidth: Int, tokenWidth: Int, embeddingWidth: Int,
        groups: Int = 32, epsilon: Double = 1e-5, sampleSize: Int
    ) {
        self.channels = channels
        self.layersPerBlock = layersPerBlock
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.headWidth = headWidth
        self.tokenWidth = tokenWidth
        self.embeddingWidth = embeddingWidth
        self.groups = groups
        self.epsilon = epsilon
        self.sampleSize = sampleSize
    }

    /// - Throws: `NetworkError` for an option that is missing, out of range, or not supported.
    public init(contentsOf url: URL) throws {
        var options = try ConfigurationFile(contentsOf: url)
        try options.require("_class_name", .text("UNet2DConditionModel"))
        channels = try options.integers("block_out_channels")
        layersPerBlock = try options.integer("layers_per_block", in: 1...32)
        inputChannels = try options.integer("in_channels")
        outputChannels = try options.integer("out_channels")
        headWidth = try options.integer("attention_head_dim")
        tokenWidth = try options.integer("cross_attention_dim")
        embeddingWidth = try options.integer("encoder_hid_dim")
        groups = try options.integer("norm_num_groups")
        epsilon = try options.number("norm_eps", default: 1e-5)
        sampleSize = try options.integer("sample_size", default: 64)
        try Self.requireArchitecture(&options, levels: channels.count)
        try options.finish()
        guard outputChannels == 2 * inputChannels else {
            throw NetworkError.unsupportedOption(
                file: options.file, option: "out_channels", found: String(outputChannels),
                supported: "\(2 * inputChannels), noise and variance for each of the \(inputChannels) input channels")
        }
        if let odd = channels.dropFirst().first(where: { $0 % headWidth != 0 }) {
            throw NetworkError.invalidOption(
                file: options.file, option: "block_out_channels", found: String(odd), expected: "a multiple of the head width \(headWidth)")
        }
    }

    /// Everything else that Kandinsky 2.2 fixes.
    private static func requireArchitecture(_ options: inout ConfigurationFile, levels: Int) throws {
        let attentionLevels = max(levels - 1, 0)
        try options.require(
            "down_block_types",
            .list([.text("ResnetDownsampleBlock2D")] + Array(repeating: .text("SimpleCrossAttnDownBlock2D"), count: attentionLevels)))
        try options.require(
            "up_block_types",
            .list(Array(repeating: .text("SimpleCrossAttnUpBlock2D"), count: attentionLevels) + [.text("ResnetUpsampleBlock2D")]))
        try options.require("mid_block_type", .text("UNetMidBlock2DSimpleCrossAttn"))
        try options.require("resnet_time_scale_shift", .text("scale_shift"))
        try options.require("addition_embed_type", .text("image"))
        try options.require("encoder_hid_dim_type", .text("image_proj"))
        try options.require("time_embedding_type", .text("positional"))
        try options.require("attention_type", .text("default"))
        try options.require("act_fn", .text("silu"))
        try options.require("flip_sin_to_cos", .boolean(true))
        for flag in [
            "center_input_sample", "class_embeddings_concat", "dual_cross_attention", "only_cross_attention", "resnet_skip_time_act",
            "use_linear_projection", "mid_block_only_cross_attention",
        ] { try options.require(flag, .boolean(false)) }
        for name in ["conv_in_kernel", "conv_out_kernel"] { try options.require(name, .integer(3)) }
        for name in ["resnet_out_scale_factor", "mid_block_scale_factor"] { try options.require(name, .integer(1)) }
        try options.require("freq_shift", .integer(0))
        for name in [
            "class_embed_type", "cross_attention_norm", "num_class_embeds", "num_attention_heads", "projection_class_embeddings_input_dim",
            "time_cond_proj_dim", "time_embedding_act_fn", "time_embedding_dim", "timestep_post_act", "addition_time_embed_dim",
            "reverse_transformer_layers_per_block",
        ] { try options.require(name) }
        // Neither changes anything in these block types.
        options.disregard(
            "addition_embed_type_num_heads", "downsample_padding", "dropout", "transformer_layers_per_block", "upcast_attention")
    }
}
