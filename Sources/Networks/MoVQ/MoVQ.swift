import Tensors

/// The autoencoder between pictures and latents.
///
/// Pictures are `[batch, 3, height, width]` in −1…1, latents `[batch, channels, height / 8, width / 8]` (for four levels). Nothing is quantised:
/// Kandinsky decodes what the diffusion model made as it is. Matches diffusers' `VQModel` with `force_not_quantize`.
public struct MoVQ: CheckpointNetwork {
    /// The name of the codebook in the checkpoint; decoding without quantising never reads it.
    public static let codebookName = "quantize.embedding.weight"
    public static let unneededParameters = [codebookName]

    public let configuration: MoVQConfiguration
    let encoder: MoVQEncoder
    let decoder: MoVQDecoder
    let afterEncoder, beforeDecoder: Convolution
    let dataType: DataType

    public init(_ configuration: MoVQConfiguration, _ weights: Weights) throws {
        self.configuration = configuration
        let channels = configuration.latentChannels
        encoder = try MoVQEncoder(configuration, weights["encoder"])
        afterEncoder = try Convolution(weights["quant_conv"], from: channels, to: channels, size: 1)
        beforeDecoder = try Convolution(weights["post_quant_conv"], from: channels, to: channels, size: 1)
        decoder = try MoVQDecoder(configuration, weights["decoder"])
        dataType = try encoder.norm.weight.dataType
    }

    public func encode(_ picture: Tensor) throws -> Tensor {
        let side = configuration.downscaling
        guard picture.rank == 4, picture.size(1) == 3, picture.size(2) % side == 0, picture.size(3) % side == 0 else {
            throw NetworkError.unsuitableInput("The autoencoder takes pictures with sides that \(side) divides, not \(picture.shape).")
        }
        return try afterEncoder(encoder(picture.to(dataType).channelsLast())).to(.float32)
    }

    public func decode(_ latents: Tensor) throws -> Tensor {
        guard latents.rank == 4, latents.size(1) == configuration.latentChannels else {
            throw NetworkError.unsuitableInput(
                "The autoencoder takes latents of \(configuration.latentChannels) channels, not \(latents.shape).")
        }
        let latents = try latents.to(dataType).channelsLast()
        return try decoder(beforeDecoder(latents), conditionedOn: latents).to(.float32)
    }
}

/// Pictures → latents. Matches diffusers' `Encoder`.
struct MoVQEncoder {
    let input, output: Convolution
    let levels: [MoVQLevel]
    let downsamplers: [Convolution]
    let middle: MoVQMiddle
    let norm: GroupNorm

    init(_ sizes: MoVQConfiguration, _ weights: Weights) throws {
        let half = MoVQHalf(groups: sizes.groups, latentChannels: nil)
        let channels = sizes.channels
        let blocks = weights["down_blocks"]
        input = try Convolution(weights["conv_in"], from: 3, to: channels[0])
        levels = try channels.indices.map {
            try MoVQLevel(
                blocks[$0], half, from: channels[max($0 - 1, 0)], to: channels[$0], layers: sizes.layersPerBlock,
                attending: sizes.downAttention[$0])
        }
        downsamplers = try channels.indices.dropLast().map {
            try Convolution(blocks[$0]["downsamplers"][0]["conv"], from: channels[$0], to: channels[$0], stride: 2, padding: 0)
        }
        let lowest = channels[channels.count - 1]
        middle = try MoVQMiddle(weights["mid_block"], half, channels: lowest, attending: sizes.hasMiddleAttention)
        norm = try GroupNorm(weights["conv_norm_out"], channels: lowest, groups: sizes.groups, epsilon: 1e-6)
        output = try Convolution(weights["conv_out"], from: lowest, to: sizes.latentChannels)
    }

    func callAsFunction(_ picture: Tensor) throws -> Tensor {
        var x = try input(picture)
        for (index, level) in levels.enumerated() {
            x = try level(x, nil)
            // One row and column of zeros at the right and the bottom only: that is how the published weights were trained.
            if index < downsamplers.count { x = try downsamplers[index](x.padded([0, 1, 0, 1])) }
        }
        return try output(norm(middle(x, nil), activated: true))
    }
}

/// Latents → pictures. Matches diffusers' `Decoder` with `norm_type = "spatial"`.
struct MoVQDecoder {
    let input, output: Convolution
    let middle: MoVQMiddle
    /// Lowest level first, as the checkpoint counts them.
    let levels: [MoVQLevel]
    let upsamplers: [Convolution]
    let norm: LatentNorm

    init(_ sizes: MoVQConfiguration, _ weights: Weights) throws {
        let half = MoVQHalf(groups: sizes.groups, latentChannels: sizes.latentChannels)
        let channels = Array(sizes.channels.reversed())
        let attending = Array(sizes.upAttention.reversed())
        let blocks = weights["up_blocks"]
        input = try Convolution(weights["conv_in"], from: sizes.latentChannels, to: channels[0])
        middle = try MoVQMiddle(weights["mid_block"], half, channels: channels[0], attending: sizes.hasMiddleAttention)
        levels = try channels.indices.map {
            try MoVQLevel(
                blocks[$0], half, from: channels[max($0 - 1, 0)], to: channels[$0], layers: sizes.layersPerBlock + 1,
                attending: attending[$0])
        }
        upsamplers = try channels.indices.dropLast().map {
            try Convolution(blocks[$0]["upsamplers"][0]["conv"], from: channels[$0], to: channels[$0])
        }
        let last = channels[channels.count - 1]
        norm = try LatentNorm(weights["conv_norm_out"], channels: last, groups: sizes.groups, latentChannels: sizes.latentChannels)
        output = try Convolution(weights["conv_out"], from: last, to: 3)
    }

    func callAsFunction(_ x: Tensor, conditionedOn latent: Tensor) throws -> Tensor {
        var x = try middle(input(x), latent)
        for (index, level) in levels.enumerated() {
            x = try level(x, latent)
            if index < upsamplers.count {
                x = try upsamplers[index](x.resizedNearest(height: x.size(2) * 2, width: x.size(3) * 2))
            }
        }
        return try output(norm(x, latent, activated: true))
    }
}
