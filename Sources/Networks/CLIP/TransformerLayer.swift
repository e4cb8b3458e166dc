import Tensors

/// A pre-norm transformer layer: `x + attention(norm(x))`, then `x + mlp(norm(x))`.
///
/// `[batch, tokens, width]` → the same. Matches transformers' `CLIPEncoderLayer`.
struct TransformerLayer {
    struct Sizes {
        var width, hidden, heads: Int
        var epsilon: Double
        var activation: Activation
        var causal: Bool
    }

    let sizes: Sizes
    let firstNorm, secondNorm: LayerNorm
    let query, key, value, output: Linear
    let expansion, contraction: Linear

    init(_ weights: Weights, _ sizes: Sizes) throws {
        self.sizes = sizes
        let width = sizes.width
        firstNorm = try LayerNorm(weights["layer_norm1"], size: width, epsilon: sizes.epsilon)
        query = try Linear(weights["self_attn"]["q_proj"], from: width, to: width)
        key = try Linear(weights["self_attn"]["k_proj"], from: width, to: width)
        value = try Linear(weights["self_attn"]["v_proj"], from: width, to: width)
        output = try Linear(weights["self_attn"]["out_proj"], from: width, to: width)
        secondNorm = try LayerNorm(weights["layer_norm2"], size: width, epsilon: sizes.epsilon)
        expansion = try Linear(weights["mlp"]["fc1"], from: width, to: sizes.hidden)
        contraction = try Linear(weights["mlp"]["fc2"], from: sizes.hidden, to: width)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let attended = try x + attention(firstNorm(x))
        return try attended + mlp(secondNorm(attended))
    }

    private func attention(_ x: Tensor) throws -> Tensor {
        let queries = try query(x).splitHeads(sizes.heads)
        let keys = try key(x).splitHeads(sizes.heads)
        let values = try value(x).splitHeads(sizes.heads)
        return try output(queries.attention(keys: keys, values: values, causal: sizes.causal).joinHeads())
    }

    private func mlp(_ x: Tensor) throws -> Tensor {
        let expanded = try expansion(x)
        return try contraction(sizes.activation == .gelu ? expanded.gelu() : expanded.quickGELU())
    }
}
