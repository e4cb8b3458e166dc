import Tensors

/// `x·Wᵀ + b`: `[…, in]` → `[…, out]`.
public struct Linear {
    let weight: Tensor
    let bias: Tensor?

    public init(_ weights: Weights, from input: Int, to output: Int, bias: Bool = true) throws {
        weight = try weights.parameter("weight", [output, input], initially: .uniform(fanIn: input))
        self.bias = bias ? try weights.parameter("bias", [output], initially: .constant(0)) : nil
    }

    public func callAsFunction(_ x: Tensor) throws -> Tensor { try x.linear(weight, bias) }
}

/// A square convolution: `[batch, in, height, width]` → `[batch, out, …]`.
struct Convolution {
    let weight: Tensor
    let bias: Tensor?
    let stride, padding: Int

    init(
        _ weights: Weights, from input: Int, to output: Int, size: Int = 3, stride: Int = 1, padding: Int? = nil, bias: Bool = true,
        scale: Double = 1
    ) throws {
        let fanIn = Int((Double(input * size * size) / (scale * scale)).rounded())
        weight = try weights.parameter("weight", [output, input, size, size], initially: .uniform(fanIn: fanIn), channelsLast: true)
        self.bias = bias ? try weights.parameter("bias", [output], initially: .constant(0)) : nil
        self.stride = stride
        self.padding = padding ?? size / 2
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor { try x.convolved(weight, bias, stride: stride, padding: padding) }
}

/// Normalises groups of channels of `[batch, channels, …]`, then scales and shifts each channel.
struct GroupNorm {
    let weight, bias: Tensor
    let groups: Int
    let epsilon: Double
    /// libtorch takes the variance of channels-last float32 as the mean of squares less the square of the mean, which loses up to two digits,
    /// and forty steps of inversion multiply that. Its row-major kernel keeps them; training does without, for speed.
    let isRowMajor: Bool

    init(_ weights: Weights, channels: Int, groups: Int, epsilon: Double) throws {
        guard channels % groups == 0 else {
            throw NetworkError.unsuitableInput("\(channels) channels at \(weights.path) cannot be divided into \(groups) groups.")
        }
        weight = try weights.parameter("weight", [channels], initially: .constant(1))
        bias = try weights.parameter("bias", [channels], initially: .constant(0))
        self.groups = groups
        self.epsilon = epsilon
        isRowMajor = try !weights.source.isForTraining && weight.dataType == .float32 && weight.device == .cpu
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        guard isRowMajor else { return try x.groupNormalised(groups: groups, weight, bias, epsilon: epsilon) }
        return try x.contiguous().groupNormalised(groups: groups, weight, bias, epsilon: epsilon).channelsLast()
    }
}

/// Normalises the last dimension, then scales and shifts it.
struct LayerNorm {
    let weight, bias: Tensor
    let epsilon: Double

    init(_ weights: Weights, size: Int, epsilon: Double = 1e-5) throws {
        weight = try weights.parameter("weight", [size], initially: .constant(1))
        bias = try weights.parameter("bias", [size], initially: .constant(0))
        self.epsilon = epsilon
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor { try x.layerNormalised(weight, bias, epsilon: epsilon) }
}

extension Tensor {
    /// `[batch, tokens, heads · d]` → `[batch, heads, tokens, d]`.
    func splitHeads(_ heads: Int) throws -> Tensor {
        try reshaped([size(0), size(1), heads, size(2) / heads]).transposed(1, 2)
    }

    /// `[batch, heads, tokens, d]` → `[batch, tokens, heads · d]`.
    func joinHeads() throws -> Tensor {
        try transposed(1, 2).reshaped([size(0), size(2), size(1) * size(3)])
    }

    /// `[batch, channels, height, width]` → `[batch, height · width, channels]`; free when channels lie next to each other.
    func pixelsAsTokens() throws -> Tensor {
        try permuted([0, 2, 3, 1]).reshaped([size(0), size(2) * size(3), size(1)])
    }

    /// The inverse of `pixelsAsTokens`.
    func tokensAsPixels(height: Int, width: Int) throws -> Tensor {
        try reshaped([size(0), height, width, size(2)]).permuted([0, 3, 1, 2])
    }
}
