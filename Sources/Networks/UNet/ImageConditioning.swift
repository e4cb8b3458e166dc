import Tensors

/// The image embedding as part of the time embedding: `[batch, width]` → `[batch, 4 · channels]`. Matches diffusers' `ImageTimeEmbedding`.
struct ImageTimeEmbedding {
    let projection: Linear
    let norm: LayerNorm

    init(_ weights: Weights, _ sizes: UNetConfiguration) throws {
        projection = try Linear(weights["image_proj"], from: sizes.embeddingWidth, to: sizes.timeWidth)
        norm = try LayerNorm(weights["image_norm"], size: sizes.timeWidth)
    }

    func callAsFunction(_ embedding: Tensor) throws -> Tensor { try norm(projection(embedding)) }
}

/// The image embedding as tokens: `[batch, width]` → `[batch, 32, token width]`. Matches diffusers' `ImageProjection`.
struct ImageTokens {
    let projection: Linear
    let norm: LayerNorm
    let tokenWidth: Int

    init(_ weights: Weights, _ sizes: UNetConfiguration) throws {
        tokenWidth = sizes.tokenWidth
        projection = try Linear(weights["image_embeds"], from: sizes.embeddingWidth, to: UNetConfiguration.tokens * tokenWidth)
        norm = try LayerNorm(weights["norm"], size: tokenWidth)
    }

    func callAsFunction(_ embedding: Tensor) throws -> Tensor {
        try norm(projection(embedding).reshaped([embedding.size(0), UNetConfiguration.tokens, tokenWidth]))
    }
}
