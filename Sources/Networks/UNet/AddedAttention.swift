import Tensors

/// Self-attention over pixels whose keys and values are joined, in front, by those of the image tokens.
///
/// `[batch, channels, height, width]` → the same. Matches diffusers' `Attention` with `AttnAddedKVProcessor2_0`.
struct AddedAttention {
    /// The image tokens' keys and values, `[batch, heads, 32, d]`: constant while one embedding is sampled.
    struct Added {
        let keys, values: Tensor
    }

    let norm: GroupNorm
    let query, key, value, addedKey, addedValue, output: Linear
    let heads: Int
    /// The place of this attention among all of the network's.
    let slot: Int

    init(_ weights: Weights, _ sizes: UNetConfiguration, channels: Int, slots: inout Int) throws {
        heads = channels / sizes.headWidth
        norm = try GroupNorm(weights["group_norm"], channels: channels, groups: sizes.groups, epsilon: 1e-5)
        query = try Linear(weights["to_q"], from: channels, to: channels)
        key = try Linear(weights["to_k"], from: channels, to: channels)
        value = try Linear(weights["to_v"], from: channels, to: channels)
        addedKey = try Linear(weights["add_k_proj"], from: sizes.tokenWidth, to: channels)
        addedValue = try Linear(weights["add_v_proj"], from: sizes.tokenWidth, to: channels)
        output = try Linear(weights["to_out"][0], from: channels, to: channels)
        slot = slots
        slots += 1
    }

    /// `tokens [batch, 32, width]`.
    func added(_ tokens: Tensor) throws -> Added {
        Added(keys: try addedKey(tokens).splitHeads(heads), values: try addedValue(tokens).splitHeads(heads))
    }

    func callAsFunction(_ x: Tensor, _ condition: UNet.Condition) throws -> Tensor {
        let added = condition.added[slot]
        let pixels = try norm(x).pixelsAsTokens()
        let keys = try Tensor.concatenated([added.keys, key(pixels).splitHeads(heads)], dimension: 2)
        let values = try Tensor.concatenated([added.values, value(pixels).splitHeads(heads)], dimension: 2)
        let attended = try query(pixels).splitHeads(heads).attention(keys: keys, values: values)
        return try output(attended.joinHeads()).tokensAsPixels(height: x.size(2), width: x.size(3)) + x
    }
}
