import CTorch

extension Tensor {
    /// The matrix product `[m, k] × [k, n] → [m, n]`, batched over leading dimensions.
    public func matmul(_ other: Tensor) throws -> Tensor { try Tensor { ct_matmul(handle, other.handle, &$0) } }

    /// `x · weightᵀ + bias`: `[…, in] → […, out]` with `weight [out, in]`, `bias [out]`.
    public func linear(_ weight: Tensor, _ bias: Tensor? = nil) throws -> Tensor {
        try Tensor { ct_linear(handle, weight.handle, bias?.handle, &$0) }
    }

    /// `[batch, in, height, width]` with `weight [out, in, size, size]` → `[batch, out, …]`.
    public func convolved(_ weight: Tensor, _ bias: Tensor? = nil, stride: Int = 1, padding: Int = 0) throws -> Tensor {
        try Tensor { ct_convolution(handle, weight.handle, bias?.handle, Int64(stride), Int64(padding), &$0) }
    }

    /// Normalises each group of channels of `[batch, channels, …]` to mean 0 and variance 1, then scales and shifts each channel.
    public func groupNormalised(groups: Int, _ weight: Tensor? = nil, _ bias: Tensor? = nil, epsilon: Double) throws -> Tensor {
        try Tensor { ct_group_norm(handle, Int64(groups), weight?.handle, bias?.handle, epsilon, &$0) }
    }

    /// Normalises the last dimension to mean 0 and variance 1, then scales and shifts it.
    public func layerNormalised(_ weight: Tensor, _ bias: Tensor?, epsilon: Double) throws -> Tensor {
        try Tensor { ct_layer_norm(handle, weight.handle, bias?.handle, epsilon, &$0) }
    }

    /// softmax(q·kᵀ/√d)·v with `self` as q, `[batch, heads, queries, d]`.
    /// - Parameters:
    ///   - keys: k, `[batch, heads, tokens, d]`.
    ///   - values: v, shaped like the keys.
    ///   - causal: whether a query sees only the tokens up to its own.
    public func attention(keys: Tensor, values: Tensor, causal: Bool = false) throws -> Tensor {
        try Tensor { ct_attention(handle, keys.handle, values.handle, causal, &$0) }
    }

    /// `[batch, channels, …]` resized to `height` × `width` by repeating the nearest pixel.
    public func resizedNearest(height: Int, width: Int) throws -> Tensor {
        try Tensor { ct_resize_nearest(handle, Int64(height), Int64(width), &$0) }
    }

    /// The means of `size` × `size` squares of pixels.
    public func averagePooled(_ size: Int) throws -> Tensor { try Tensor { ct_average_pool(handle, Int64(size), &$0) } }

    /// The mean cross entropy of the logits `[n, classes]` against `targets [n]` (int64).
    public func crossEntropy(_ targets: Tensor) throws -> Tensor { try Tensor { ct_cross_entropy(handle, targets.handle, &$0) } }
}
