import Foundation
import Tensors

/// CLIP's image tower: a vision transformer whose class token, projected, is the picture's embedding.
///
/// Pixels `[batch, 3, size, size]`, normalised as the pack's image processor says → embedding `[batch, projection]`, not normalised.
/// Matches transformers' `CLIPVisionModelWithProjection`.
public struct ImageTower: CheckpointNetwork {
    /// Older checkpoints store the positions 0, 1, … as a parameter.
    public static let unneededParameters = ["vision_model.embeddings.position_ids"]

    public let configuration: ImageTowerConfiguration
    let dataType: DataType
    let classEmbedding, positions: Tensor
    let patches: Convolution
    let firstNorm, lastNorm: LayerNorm
    let layers: [TransformerLayer]
    let projection: Linear

    public init(_ configuration: ImageTowerConfiguration, _ weights: Weights) throws {
        self.configuration = configuration
        let width = configuration.width
        let model = weights["vision_model"]
        let embeddings = model["embeddings"]
        let tokens = configuration.patchesPerSide * configuration.patchesPerSide + 1
        classEmbedding = try embeddings.parameter("class_embedding", [width], initially: .normal(deviation: 0.02))
        patches = try Convolution(
            embeddings["patch_embedding"], from: 3, to: width, size: configuration.patchSize, stride: configuration.patchSize, padding: 0,
            bias: false)
        positions = try embeddings["position_embedding"].parameter("weight", [tokens, width], initially: .normal(deviation: 0.02))
        // The misspelt name is the checkpoint's.
        firstNorm = try LayerNorm(model["pre_layrnorm"], size: width, epsilon: configuration.epsilon)
        layers = try (0..<configuration.layers).map {
            try TransformerLayer(model["encoder"]["layers"][$0], configuration.transformer)
        }
        lastNorm = try LayerNorm(model["post_layernorm"], size: width, epsilon: configuration.epsilon)
        projection = try Linear(weights["visual_projection"], from: width, to: configuration.projection, bias: false)
        dataType = try classEmbedding.dataType
    }

    public func callAsFunction(_ pixels: Tensor) throws -> Tensor {
        let batch = pixels.size(0)
        let size = configuration.imageSize
        guard pixels.shape == [batch, 3, size, size] else {
            throw NetworkError.unsuitableInput("The image tower takes pictures of \(size) × \(size) pixels, not \(pixels.shape).")
        }
        let width = configuration.width
        let patchTokens = try patches(pixels.to(dataType).channelsLast()).pixelsAsTokens()
        let classToken = try classEmbedding.reshaped([1, 1, width]).expanded([batch, 1, width])
        var x = try Tensor.concatenated([classToken, patchTokens], dimension: 1) + positions
        x = try firstNorm(x)
        for layer in layers { x = try layer(x) }
        let pooled = try x.narrowed(1, from: 0, length: 1).reshaped([batch, width])
        return try projection(lastNorm(pooled)).to(.float32)
    }
}
