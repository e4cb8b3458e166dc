import Tensors

/// One level on the way down: residual blocks, each with attention below the first level, then a halving block.
///
/// Matches diffusers' `ResnetDownsampleBlock2D` and `SimpleCrossAttnDownBlock2D`.
struct DownBlock {
    let residuals: [ResidualBlock]
    let attentions: [AddedAttention]
    let downsampler: ResidualBlock?

    init(_ weights: Weights, _ sizes: UNetConfiguration, level: Int, slots: inout UNetSlots) throws {
        let output = sizes.channels[level]
        let input = level == 0 ? output : sizes.channels[level - 1]
        residuals = try (0..<sizes.layersPerBlock).map {
            try ResidualBlock(weights["resnets"][$0], sizes, from: $0 == 0 ? input : output, to: output, slots: &slots)
        }
        var attentions: [AddedAttention] = []
        if level > 0 {
            for layer in residuals.indices {
                attentions.append(try AddedAttention(weights["attentions"][layer], sizes, channels: output, slots: &slots))
            }
        }
        self.attentions = attentions
        let isLast = level == sizes.channels.count - 1
        downsampler =
            isLast
            ? nil : try ResidualBlock(weights["downsamplers"][0], sizes, from: output, to: output, resampling: .halved, slots: &slots)
    }

    /// Adds every intermediate result to `skips`.
    func callAsFunction(_ x: Tensor, _ modulations: [TimeModulation], _ condition: UNet.Condition, skips: inout [Tensor]) throws -> Tensor {
        var x = x
        for (index, residual) in residuals.enumerated() {
            x = try residual(x, modulations)
            if !attentions.isEmpty { x = try attentions[index](x, condition) }
            skips.append(x)
        }
        if let downsampler {
            x = try downsampler(x, modulations)
            skips.append(x)
        }
        return x
    }
}

/// The lowest level: residual, attention, residual. Matches diffusers' `UNetMidBlock2DSimpleCrossAttn`.
struct MidBlock {
    let first, second: ResidualBlock
    let attention: AddedAttention

    init(_ weights: Weights, _ sizes: UNetConfiguration, channels: Int, slots: inout UNetSlots) throws {
        first = try ResidualBlock(weights["resnets"][0], sizes, from: channels, to: channels, slots: &slots)
        attention = try AddedAttention(weights["attentions"][0], sizes, channels: channels, slots: &slots)
        second = try ResidualBlock(weights["resnets"][1], sizes, from: channels, to: channels, slots: &slots)
    }

    func callAsFunction(_ x: Tensor, _ modulations: [TimeModulation], _ condition: UNet.Condition) throws -> Tensor {
        try second(attention(first(x, modulations), condition), modulations)
    }
}

/// One level on the way up: as many residual blocks as there are skips for it, each with attention below the first level, then a doubling block.
///
/// Matches diffusers' `SimpleCrossAttnUpBlock2D` and `ResnetUpsampleBlock2D`.
struct UpBlock {
    let residuals: [ResidualBlock]
    let attentions: [AddedAttention]
    let upsampler: ResidualBlock?

    /// - Parameter level: counted as on the way down, so that the last level comes first.
    init(_ weights: Weights, _ sizes: UNetConfiguration, level: Int, slots: inout UNetSlots) throws {
        let output = sizes.channels[level]
        let previous = sizes.channels[min(level + 1, sizes.channels.count - 1)]
        let lowest = sizes.channels[max(level - 1, 0)]
        let count = sizes.layersPerBlock + 1
        residuals = try (0..<count).map {
            let input = ($0 == 0 ? previous : output) + ($0 == count - 1 ? lowest : output)
            return try ResidualBlock(weights["resnets"][$0], sizes, from: input, to: output, slots: &slots)
        }
        var attentions: [AddedAttention] = []
        if level > 0 {
            for layer in residuals.indices {
                attentions.append(try AddedAttention(weights["attentions"][layer], sizes, channels: output, slots: &slots))
            }
        }
        self.attentions = attentions
        upsampler =
            level == 0
            ? nil : try ResidualBlock(weights["upsamplers"][0], sizes, from: output, to: output, resampling: .doubled, slots: &slots)
    }

    /// Takes its skips from the end of `skips`.
    func callAsFunction(_ x: Tensor, _ modulations: [TimeModulation], _ condition: UNet.Condition, skips: inout [Tensor]) throws -> Tensor {
        var x = x
        for (index, residual) in residuals.enumerated() {
            x = try residual(Tensor.concatenated([x, skips.removeLast()], dimension: 1), modulations)
            if !attentions.isEmpty { x = try attentions[index](x, condition) }
        }
        return try upsampler?(x, modulations) ?? x
    }
}
