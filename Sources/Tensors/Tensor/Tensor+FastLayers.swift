import CTorch

/// Forms of layers that run faster than libtorch's own, and record no gradients.
extension Tensor {
    /// The 3×3 weights `[out, in, 3, 3]`, with channels in multiples of 16, ordered as `[3, 3, in, out]` for `convolved(winograd:)`.
    public func winogradWeights() throws -> Tensor { try Tensor { ct_winograd_weights(handle, &$0) } }

    /// `[batch, in, height, width]` → `[batch, out, height, width]` in float32, with stride 1 and padding 1, plus `added` where it is given.
    ///
    /// Pictures of 32 × 32 and more take 4 times fewer multiplications, and lose half a digit; from 16 × 16 they take 2.25 times fewer, and below
    /// that no fewer.
    public func convolved(winograd weights: Tensor, _ bias: Tensor? = nil, adding added: Tensor? = nil) throws -> Tensor {
        try Tensor { ct_winograd_convolution(handle, weights.handle, bias?.handle, added?.handle, &$0) }
    }

    /// The weights `[out, in, size, size]` reordered once as oneDNN likes them, for `convolved(packed:)` and nothing else.
    public func packedWeights(stride: Int, padding: Int) throws -> Tensor {
        try Tensor { ct_pack_convolution(handle, Int64(stride), Int64(padding), &$0) }
    }

    /// `[batch, in, height, width]` → `[batch, out, …]`, plus `added` where it is given.
    public func convolved(packed weights: Tensor, _ bias: Tensor? = nil, stride: Int, padding: Int, adding added: Tensor? = nil) throws
        -> Tensor
    {
        try Tensor { ct_packed_convolution(handle, weights.handle, bias?.handle, Int64(stride), Int64(padding), added?.handle, &$0) }
    }

    /// `groupNormalised` after `added [channels]`, then `· scale + shift` for the places of a picture, then x · sigmoid(x).
    ///
    /// In one pass on the CPU, for float32 and bfloat16 with channels in multiples of 16, and on GPUs; else by operations of libtorch.
    /// `scale` and `shift [batch, channels, height, width]` may be smaller than the picture; each pixel takes the nearest.
    public func groupNormalised(
        groups: Int, _ weight: Tensor, _ bias: Tensor, epsilon: Double, adding added: Tensor? = nil,
        modulatedBy modulation: (scale: Tensor, shift: Tensor)?, activated: Bool
    ) throws -> Tensor {
        try Tensor {
            ct_modulated_group_norm(
                handle, added?.handle, Int64(groups), weight.handle, bias.handle, epsilon, modulation?.scale.handle,
                modulation?.shift.handle, activated, &$0)
        }
    }

    /// `[batch, channels, height, width]` plus a bias `[channels]` plus `added`, of its shape: in one pass on GPUs.
    public func adding(_ added: Tensor, bias: Tensor) throws -> Tensor {
        try Tensor { ct_add_with_bias(handle, bias.handle, added.handle, &$0) }
    }
}
