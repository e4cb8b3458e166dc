import Tensors

/// Self-attention over pixels whose keys and values are joined, in front, by those of the image tokens.
///
/// `[batch, channels, height, width]` → the same. Matches diffusers' `Attention` with `AttnAddedKVProcessor2_0`.
struct AddedAttention {
    /// Queries, keys and values of pixels.
    private enum Projections {
        case apart(query: Linear, key: Linear, value: Linear)
        /// In one product, side by side: what GPUs do faster.
        case joined(Linear)
    }

    let norm: GroupNorm
    private let projections: Projections
    let addedKey, addedValue, output: Linear
    let channels, heads: Int
    /// The place of this attention among all of the network's.
    let slot: Int

    init(_ weights: Weights, _ sizes: UNetConfiguration, channels: Int, slots: inout UNetSlots) throws {
        self.channels = channels
        heads = channels / sizes.headWidth
        norm = try GroupNorm(weights["group_norm"], channels: channels, groups: sizes.groups, epsilon: 1e-5)
        let query = try Linear(weights["to_q"], from: channels, to: channels)
        let key = try Linear(weights["to_k"], from: channels, to: channels)
        let value = try Linear(weights["to_v"], from: channels, to: channels)
        projections =
            weights.source.isForGPU
            ? .joined(try Linear(joining: [query, key, value]))
            : .apart(query: query, key: key, value: value)
        addedKey = try Linear(weights["add_k_proj"], from: sizes.tokenWidth, to: channels)
        addedValue = try Linear(weights["add_v_proj"], from: sizes.tokenWidth, to: channels)
        output = try Linear(weights["to_out"][0], from: channels, to: channels)
        slot = slots.addAttention()
    }

    /// The image tokens' keys and, beside them, values, constant while one embedding is sampled: `tokens [batch, 32, width]` →
    /// `[batch, 32, 2 · channels]`.
    func added(_ tokens: Tensor) throws -> Tensor {
        try Tensor.concatenated([addedKey(tokens), addedValue(tokens)], dimension: 2)
    }

    func callAsFunction(_ x: Tensor, _ condition: UNet.Condition) throws -> Tensor {
        let pixels = try norm(x).pixelsAsTokens()
        let (queries, keys, values) = try projected(pixels, condition.added[slot])
        let attended = try queries.splitHeads(heads).attention(keys: keys, values: values)
        return try output(attended.joinHeads()).tokensAsPixels(height: x.size(2), width: x.size(3)) + x
    }

    /// Queries `[batch, pixels, channels]`; keys and values with those of the image tokens in front, `[batch, heads, 32 + pixels, d]`.
    private func projected(_ pixels: Tensor, _ added: Tensor) throws -> (queries: Tensor, keys: Tensor, values: Tensor) {
        switch projections {
        case .apart(let query, let key, let value):
            let added = try added.split(2, dimension: 2).map { try $0.splitHeads(heads) }
            let keys = try Tensor.concatenated([added[0], key(pixels).splitHeads(heads)], dimension: 2)
            let values = try Tensor.concatenated([added[1], value(pixels).splitHeads(heads)], dimension: 2)
            return (try query(pixels), keys, values)
        case .joined(let projection):
            let all = try projection(pixels)
            let both = try Tensor.concatenated([added, all.narrowed(2, from: channels, length: 2 * channels)], dimension: 1)
            let halves = try both.split(2, dimension: 2).map { try $0.splitHeads(heads) }
            return (try all.narrowed(2, from: 0, length: channels), halves[0], halves[1])
        }
    }
}
