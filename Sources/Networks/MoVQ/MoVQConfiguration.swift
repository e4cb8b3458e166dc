import Foundation

/// The sizes of a MoVQ autoencoder, as `movq/config.json` gives them.
public struct MoVQConfiguration: NetworkConfiguration, Equatable {
    /// Channels of each level, highest resolution first.
    public var channels: [Int]
    public var layersPerBlock: Int
    /// The width of what is stored and diffused; the decoder's norms are conditioned on it.
    public var latentChannels: Int
    public var codebookSize: Int
    /// Which levels, counted from the highest resolution, have attention on the way down and on the way up.
    public var downAttention, upAttention: [Bool]
    public var groups: Int
    public var hasMiddleAttention: Bool

    /// How many pixels along one side make one latent.
    public var downscaling: Int { 1 << (channels.count - 1) }

    public init(
        channels: [Int], layersPerBlock: Int, latentChannels: Int, codebookSize: Int, attention: [Bool], groups: Int = 32,
        hasMiddleAttention: Bool = true
    ) {
        self.channels = channels
        self.layersPerBlock = layersPerBlock
        self.latentChannels = latentChannels
        self.codebookSize = codebookSize
        downAttention = attention
        upAttention = attention
        self.groups = groups
        self.hasMiddleAttention = hasMiddleAttention
    }

    /// - Throws: `NetworkError` for an option that is missing, out of range, or not supported.
    public init(contentsOf url: URL) throws {
        var options = try ConfigurationFile(contentsOf: url)
        try options.require("_class_name", .text("VQModel"))
        channels = try options.integers("block_out_channels")
        layersPerBlock = try options.integer("layers_per_block", default: 1, in: 1...32)
        latentChannels = try options.integer("latent_channels")
        // The decoder's norms take as many channels as the latent has, so that no other width can work.
        try options.require("vq_embed_dim", .integer(latentChannels))
        codebookSize = try options.integer("num_vq_embeddings", default: 256)
        groups = try options.integer("norm_num_groups", default: 32)
        hasMiddleAttention = try options.boolean("mid_block_add_attention", default: true)
        downAttention = try Self.attention(&options, "down_block_types", plain: "DownEncoderBlock2D", attending: "AttnDownEncoderBlock2D")
        upAttention = try Self.attention(&options, "up_block_types", plain: "UpDecoderBlock2D", attending: "AttnUpDecoderBlock2D")
            .reversed()
        for (name, expected) in [("down_block_types", downAttention.count), ("up_block_types", upAttention.count)]
        where expected != channels.count {
            throw NetworkError.invalidOption(
                file: options.file, option: name, found: "\(expected) levels",
                expected: "\(channels.count) levels, as block_out_channels has,")
        }
        try options.require("norm_type", .text("spatial"))
        try options.require("act_fn", .text("silu"))
        try options.require("in_channels", .integer(3))
        try options.require("out_channels", .integer(3))
        try options.require("lookup_from_codebook", .boolean(false))
        options.disregard("sample_size", "scaling_factor", "force_upcast")
        try options.finish()
    }

    private static func attention(_ options: inout ConfigurationFile, _ name: String, plain: String, attending: String) throws -> [Bool] {
        try options.texts(name).map {
            switch $0 {
            case plain: false
            case attending: true
            default:
                throw NetworkError.unsupportedOption(
                    file: options.file, option: name, found: "\"\($0)\"", supported: "\"\(plain)\" or \"\(attending)\"")
            }
        }
    }
}
