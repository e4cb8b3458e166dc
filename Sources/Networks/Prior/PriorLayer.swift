import Tensors

/// A pre-norm transformer layer with a mask: `x + attention(norm(x))`, then `x + mlp(norm(x))`.
///
/// `x [batch, tokens, width]`, `mask [batch, 1, tokens, tokens]`, added to the attention's scores → as `x`.
/// Matches diffusers' `BasicTransformerBlock` as `PriorTransformer` configures it.
struct PriorLayer {
    let heads: Int
    let firstNorm, secondNorm: LayerNorm
    let query, key, value, output: Linear
    let expansion, contraction: Linear

    init(_ weights: Weights, _ sizes: PriorConfiguration) throws {
        heads = sizes.heads
        let width = sizes.width
        firstNorm = try LayerNorm(weights["norm1"], size: width)
        query = try Linear(weights["attn1"]["to_q"], from: width, to: width)
        key = try Linear(weights["attn1"]["to_k"], from: width, to: width)
        value = try Linear(weights["attn1"]["to_v"], from: width, to: width)
        output = try Linear(weights["attn1"]["to_out"][0], from: width, to: width)
        // The checkpoint's second norm is that of an attention to something else, which this network does not have.
        secondNorm = try LayerNorm(weights["norm3"], size: width)
        expansion = try Linear(weights["ff"]["net"][0]["proj"], from: width, to: 4 * width)
        contraction = try Linear(weights["ff"]["net"][2], from: 4 * width, to: width)
    }

    func callAsFunction(_ x: Tensor, mask: Tensor) throws -> Tensor {
        let attended = try x + attention(firstNorm(x), mask: mask)
        return try attended + contraction(expansion(secondNorm(attended)).gelu())
    }

    private func attention(_ x: Tensor, mask: Tensor) throws -> Tensor {
        let queries = try query(x).splitHeads(heads)
        let keys = try key(x).splitHeads(heads)
        let scores = try queries.matmul(keys.transposed()) * (1 / Double(queries.size(-1)).squareRoot()) + mask
        return try output(scores.softmax().matmul(value(x).splitHeads(heads)).joinHeads())
    }
}
