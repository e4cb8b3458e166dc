import Tensors

/// The settings that all blocks of the encoder or of the decoder share.
struct MoVQHalf {
    let groups: Int
    /// The channels of the latent that conditions the norms; nil in the encoder.
    let latentChannels: Int?
}

/// Norm, activation, convolution, twice, beside a shortcut.
///
/// `[batch, in, height, width]` → `[batch, out, height, width]`. Matches diffusers' `ResnetBlock2D` without time, and `ResnetBlockCondNorm2D`.
struct MoVQResidual {
    let norm1, norm2: LatentNorm
    let conv1, conv2: Convolution
    let shortcut: Convolution?

    init(_ weights: Weights, _ half: MoVQHalf, from input: Int, to output: Int) throws {
        norm1 = try LatentNorm(weights["norm1"], channels: input, groups: half.groups, latentChannels: half.latentChannels)
        conv1 = try Convolution(weights["conv1"], from: input, to: output)
        norm2 = try LatentNorm(weights["norm2"], channels: output, groups: half.groups, latentChannels: half.latentChannels)
        conv2 = try Convolution(weights["conv2"], from: output, to: output)
        shortcut = input == output ? nil : try Convolution(weights["conv_shortcut"], from: input, to: output, size: 1)
    }

    func callAsFunction(_ x: Tensor, _ latent: Tensor?) throws -> Tensor {
        let (hidden, bias) = try conv1.withoutBias(norm1(x, latent, activated: true))
        return try conv2(norm2(hidden, adding: bias, latent, activated: true), adding: shortcut?(x) ?? x)
    }
}

/// Single-headed self-attention over pixels. Matches diffusers' `Attention` inside `VQModel`.
struct MoVQAttention {
    let norm: LatentNorm
    let query, key, value, output: Linear

    init(_ weights: Weights, _ half: MoVQHalf, channels: Int) throws {
        let normName = half.latentChannels == nil ? "group_norm" : "spatial_norm"
        norm = try LatentNorm(weights[normName], channels: channels, groups: half.groups, latentChannels: half.latentChannels)
        query = try Linear(weights["to_q"], from: channels, to: channels)
        key = try Linear(weights["to_k"], from: channels, to: channels)
        value = try Linear(weights["to_v"], from: channels, to: channels)
        output = try Linear(weights["to_out"][0], from: channels, to: channels)
    }

    func callAsFunction(_ x: Tensor, _ latent: Tensor?) throws -> Tensor {
        let pixels = try norm(x, latent).pixelsAsTokens()
        let attended = try query(pixels).splitHeads(1).attention(keys: key(pixels).splitHeads(1), values: value(pixels).splitHeads(1))
        return try output(attended.joinHeads()).tokensAsPixels(height: x.size(2), width: x.size(3)) + x
    }
}

/// The residual blocks of one level, each followed by attention where the config asks for it.
struct MoVQLevel {
    let residuals: [MoVQResidual]
    let attentions: [MoVQAttention]

    init(_ weights: Weights, _ half: MoVQHalf, from input: Int, to output: Int, layers: Int, attending: Bool) throws {
        residuals = try (0..<layers).map { try MoVQResidual(weights["resnets"][$0], half, from: $0 == 0 ? input : output, to: output) }
        attentions = attending ? try (0..<layers).map { try MoVQAttention(weights["attentions"][$0], half, channels: output) } : []
    }

    func callAsFunction(_ x: Tensor, _ latent: Tensor?) throws -> Tensor {
        var x = x
        for (index, residual) in residuals.enumerated() {
            x = try residual(x, latent)
            if !attentions.isEmpty { x = try attentions[index](x, latent) }
        }
        return x
    }
}

/// The lowest level: residual, attention where the config asks for it, residual. Matches diffusers' `UNetMidBlock2D`.
struct MoVQMiddle {
    let first, second: MoVQResidual
    let attention: MoVQAttention?

    init(_ weights: Weights, _ half: MoVQHalf, channels: Int, attending: Bool) throws {
        first = try MoVQResidual(weights["resnets"][0], half, from: channels, to: channels)
        attention = attending ? try MoVQAttention(weights["attentions"][0], half, channels: channels) : nil
        second = try MoVQResidual(weights["resnets"][1], half, from: channels, to: channels)
    }

    func callAsFunction(_ x: Tensor, _ latent: Tensor?) throws -> Tensor {
        var x = try first(x, latent)
        if let attention { x = try attention(x, latent) }
        return try second(x, latent)
    }
}
