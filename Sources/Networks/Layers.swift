import Tensors

/// `x·Wᵀ + b`: `[…, in]` → `[…, out]`.
public struct Linear {
    let weight: Tensor
    let bias: Tensor?
    /// Whether the weights are multiplied in float32: this processor cannot multiply their type, or they are mapped from the file.
    private let isWidened: Bool

    /// How many weights are widened at a time: as many as stay in the processor's caches.
    private static let piece = 1 << 22

    public init(_ weights: Weights, from input: Int, to output: Int, bias: Bool = true) throws {
        weight = try weights.linearWeight(from: input, to: output)
        self.bias = bias ? try weights.parameter("bias", [output], initially: .constant(0)) : nil
        let type = try weight.dataType
        isWidened = weight.device == .cpu && type != .float32 && (weights.source.mapsLinearWeights || !Libtorch.multiplies(type))
    }

    /// Several layers of the same input as one, their outputs side by side; not for weights that are widened.
    init(joining layers: [Linear]) throws {
        weight = try Tensor.concatenated(layers.map(\.weight), dimension: 0)
        let biases = layers.compactMap(\.bias)
        bias = biases.isEmpty ? nil : try Tensor.concatenated(biases, dimension: 0)
        isWidened = false
    }

    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        guard isWidened else { return try x.linear(weight, bias) }
        let (wide, bias, output) = (try x.to(.float32), try bias?.to(.float32), weight.size(0))
        let rows = max(1, Self.piece / max(1, weight.size(1)))
        if rows >= output { return try wide.linear(weight.to(.float32), bias).to(x.dataType) }
        let parts = try stride(from: 0, to: output, by: rows).map { start in
            let length = min(rows, output - start)
            return try wide.linear(
                weight.narrowed(0, from: start, length: length).to(.float32), bias?.narrowed(0, from: start, length: length))
        }
        return try Tensor.concatenated(parts, dimension: x.rank - 1).to(x.dataType)
    }
}

/// A square convolution: `[batch, in, height, width]` → `[batch, out, …]`.
struct Convolution {
    let kernel: ConvolutionKernel
    let bias: Tensor?
    let stride, padding: Int

    init(
        _ weights: Weights, from input: Int, to output: Int, size: Int = 3, stride: Int = 1, padding: Int? = nil, bias: Bool = true,
        scale: Double = 1
    ) throws {
        let fanIn = Int((Double(input * size * size) / (scale * scale)).rounded())
        let weightsMayChange = weights.source.weightsMayChange
        let weight = try weights.parameter(
            "weight", [output, input, size, size], initially: .uniform(fanIn: fanIn), channelsLast: weightsMayChange)
        self.bias = bias ? try weights.parameter("bias", [output], initially: .constant(0)) : nil
        self.stride = stride
        self.padding = padding ?? size / 2
        kernel =
            weightsMayChange
            ? .plain(weight)
            : try ConvolutionKernel(
                weight, stride: self.stride, padding: self.padding, isForGPU: weights.source.isForGPU)
    }

    /// - Parameter added: what is added to the result, of its shape.
    func callAsFunction(_ x: Tensor, adding added: Tensor? = nil) throws -> Tensor {
        switch kernel {
        case .plain(let weight):
            let result = try x.convolved(weight, bias, stride: stride, padding: padding)
            return try added.map { try $0 + result } ?? result
        case .unbiased(let weight):
            guard let added, let bias else {
                let result = try x.convolved(weight, bias, stride: stride, padding: padding)
                return try added.map { try $0 + result } ?? result
            }
            return try x.convolved(weight, stride: stride, padding: padding).adding(added, bias: bias)
        case .bySize(let weight, _) where x.size(2) * x.size(3) >= ConvolutionKernel.largePicture:
            return try convolved(x, winograd: weight, adding: added)
        case .packed(let weight), .bySize(_, let weight):
            return try x.convolved(packed: weight, bias, stride: stride, padding: padding, adding: added)
        case .pointwise(let weight):
            let result =
                x.device == .cpu
                ? try x.permuted([0, 2, 3, 1]).linear(weight, bias).permuted([0, 3, 1, 2])
                // There libtorch adds biases in the same pass to at most three dimensions.
                : try x.pixelsAsTokens().linear(weight, bias).tokensAsPixels(height: x.size(2), width: x.size(3))
            return try added.map { try $0 + result } ?? result
        case .winograd(let weight):
            return try convolved(x, winograd: weight, adding: added)
        case .widened(let weight):
            let wide = try x.to(.float32).convolved(
                weight.to(.float32), bias?.to(.float32), stride: stride, padding: padding)
            return try (added.map { try $0 + wide } ?? wide).to(x.dataType)
        }
    }

    /// The result without what is returned beside it, `[out]`, which is then to be added: nil where it is added already.
    func withoutBias(_ x: Tensor) throws -> (result: Tensor, bias: Tensor?) {
        guard case .unbiased(let weight) = kernel else { return (try self(x), nil) }
        return (try x.convolved(weight, stride: stride, padding: padding), bias)
    }

    private func convolved(_ x: Tensor, winograd weight: Tensor, adding added: Tensor?) throws -> Tensor {
        let wide = try x.to(.float32).convolved(winograd: weight.to(.float32), bias?.to(.float32), adding: added?.to(.float32))
        return try wide.to(x.dataType)
    }
}

/// Normalises groups of channels of `[batch, channels, …]`, then scales and shifts each channel.
struct GroupNorm {
    let weight, bias: Tensor
    let groups: Int
    let epsilon: Double
    private let form: Form

    private enum Form {
        /// libtorch's kernel for the memory that it finds.
        case plain
        /// libtorch takes the variance of channels-last float32 as the mean of squares less the square of the mean, which loses up to two digits,
        /// and forty steps of inversion multiply that. Its row-major kernel keeps them; training does without, for speed.
        case rowMajor
        /// Ours, which is exact and keeps the memory as it is; on GPUs too.
        case fused
    }

    init(_ weights: Weights, channels: Int, groups: Int, epsilon: Double) throws {
        guard channels % groups == 0 else {
            throw NetworkError.unsuitableInput("\(channels) channels at \(weights.path) cannot be divided into \(groups) groups.")
        }
        weight = try weights.parameter("weight", [channels], initially: .constant(1))
        bias = try weights.parameter("bias", [channels], initially: .constant(0))
        self.groups = groups
        self.epsilon = epsilon
        let type = try weight.dataType
        form =
            switch type {
            case _ where weights.source.weightsMayChange: .plain
            case _ where weights.source.isForGPU: .fused
            case .float32 where channels % 16 == 0, .bfloat16 where channels % 16 == 0: .fused
            case .float32: .rowMajor
            default: .plain
            }
    }

    /// - Parameters:
    ///   - added: what is added to each channel before the normalisation, `[channels]`.
    ///   - modulation: scale and shift of each pixel after the normalisation, `[batch, channels, h, w]`, resized to the nearest.
    ///   - activated: whether x · sigmoid(x) comes last.
    func callAsFunction(
        _ x: Tensor, adding added: Tensor? = nil, modulatedBy modulation: (scale: Tensor, shift: Tensor)? = nil, activated: Bool = false
    ) throws -> Tensor {
        if case .fused = form {
            return try x.groupNormalised(
                groups: groups, weight, bias, epsilon: epsilon, adding: added, modulatedBy: modulation, activated: activated)
        }
        var result = try normalised(added.map { try x + $0.reshaped([-1, 1, 1]) } ?? x)
        if let modulation { result = try result * modulation.scale.spread(over: x) + modulation.shift.spread(over: x) }
        return activated ? try result.silu() : result
    }

    private func normalised(_ x: Tensor) throws -> Tensor {
        guard case .rowMajor = form else { return try x.groupNormalised(groups: groups, weight, bias, epsilon: epsilon) }
        return try x.contiguous().groupNormalised(groups: groups, weight, bias, epsilon: epsilon).channelsLast()
    }
}

extension Tensor {
    /// `[batch, channels, h, w]` resized to the size of the input; 1 × 1 is left as it is and broadcast.
    fileprivate func spread(over picture: Tensor) throws -> Tensor {
        size(2) == 1 && size(3) == 1 ? self : try resizedNearest(height: picture.size(2), width: picture.size(3))
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
