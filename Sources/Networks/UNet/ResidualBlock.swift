import Tensors

/// How a residual block changes the resolution.
enum Resampling {
    case halved, doubled

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        switch self {
        case .halved: try x.averagePooled(2)
        case .doubled: try x.resizedNearest(height: x.size(2) * 2, width: x.size(3) * 2)
        }
    }
}

/// A residual block whose second normalisation is scaled and shifted by the time embedding.
///
/// `x [batch, in, height, width]` → `[batch, out, height, width]`.
/// Matches diffusers' `ResnetBlock2D` with `time_embedding_norm = "scale_shift"`.
struct ResidualBlock {
    let norm1, norm2: GroupNorm
    let conv1, conv2: Convolution
    let shortcut: Convolution?
    let resampling: Resampling?
    /// The place of this block among all of the network's.
    let slot: Int

    init(
        _ weights: Weights, _ sizes: UNetConfiguration, from input: Int, to output: Int, resampling: Resampling? = nil,
        slots: inout UNetSlots
    ) throws {
        norm1 = try GroupNorm(weights["norm1"], channels: input, groups: sizes.groups, epsilon: sizes.epsilon)
        conv1 = try Convolution(weights["conv1"], from: input, to: output)
        slot = slots.add(timeProjection: try Linear(weights["time_emb_proj"], from: sizes.timeWidth, to: 2 * output))
        norm2 = try GroupNorm(weights["norm2"], channels: output, groups: sizes.groups, epsilon: sizes.epsilon)
        conv2 = try Convolution(weights["conv2"], from: output, to: output, scale: 0.2)
        shortcut = input == output ? nil : try Convolution(weights["conv_shortcut"], from: input, to: output, size: 1)
        self.resampling = resampling
    }

    func callAsFunction(_ x: Tensor, _ modulations: [TimeModulation]) throws -> Tensor {
        var hidden = try norm1(x, activated: true)
        var skip = x
        if let resampling {
            hidden = try resampling(hidden)
            skip = try resampling(skip)
        }
        let (convolved, bias) = try conv1.withoutBias(hidden)
        hidden = try norm2(convolved, adding: bias, modulatedBy: modulations[slot], activated: true)
        return try conv2(hidden, adding: shortcut?(skip) ?? skip)
    }
}
