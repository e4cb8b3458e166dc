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
/// `x [batch, in, height, width]`, `time [batch, embedding]`, already activated → `[batch, out, height, width]`.
/// Matches diffusers' `ResnetBlock2D` with `time_embedding_norm = "scale_shift"`.
struct ResidualBlock {
    let norm1, norm2: GroupNorm
    let conv1, conv2: Convolution
    let timeProjection: Linear
    let shortcut: Convolution?
    let resampling: Resampling?

    init(_ weights: Weights, _ sizes: UNetConfiguration, from input: Int, to output: Int, resampling: Resampling? = nil) throws {
        norm1 = try GroupNorm(weights["norm1"], channels: input, groups: sizes.groups, epsilon: sizes.epsilon)
        conv1 = try Convolution(weights["conv1"], from: input, to: output)
        timeProjection = try Linear(weights["time_emb_proj"], from: sizes.timeWidth, to: 2 * output)
        norm2 = try GroupNorm(weights["norm2"], channels: output, groups: sizes.groups, epsilon: sizes.epsilon)
        conv2 = try Convolution(weights["conv2"], from: output, to: output, scale: 0.2)
        shortcut = input == output ? nil : try Convolution(weights["conv_shortcut"], from: input, to: output, size: 1)
        self.resampling = resampling
    }

    func callAsFunction(_ x: Tensor, time: Tensor) throws -> Tensor {
        var hidden = try norm1(x, activated: true)
        var skip = x
        if let resampling {
            hidden = try resampling(hidden)
            skip = try resampling(skip)
        }
        let modulation = try timeProjection(time)
        let halves = try modulation.reshaped([modulation.size(0), modulation.size(1), 1, 1]).split(2, dimension: 1)
        hidden = try norm2(conv1(hidden), modulatedBy: (scale: halves[0] + 1, shift: halves[1]), activated: true)
        return try conv2(hidden, adding: shortcut?(skip) ?? skip)
    }
}
