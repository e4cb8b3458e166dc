import Tensors

/// The encodings of a batch of texts, as the prior takes them.
public struct PromptEncoding {
    /// The text tower's output at each token, `[batch, tokens, width]`.
    public let states: Tensor
    /// `[batch, width]`.
    public let embedding: Tensor
    /// How many tokens of each text are not padding.
    public let counts: [Int]

    public init(states: Tensor, embedding: Tensor, counts: [Int]) {
        self.states = states
        self.embedding = embedding
        self.counts = counts
    }
}

/// The diffusion model from a text's embedding to the embedding of a picture of it.
///
/// Noisy image embeddings `[batch, width]` → what they are without noise, `[batch, width]`. Matches diffusers' `PriorTransformer`.
public struct Prior: CheckpointNetwork {
    /// What depends on the texts alone: computed once, used in every step.
    public struct Condition {
        /// The tokens of the text and its embedding, `[batch, textLength + 1, width]`.
        let text: Tensor
        /// Added to attention scores: `[batch, 1, tokens, tokens]`.
        let mask: Tensor
    }

    public let configuration: PriorConfiguration
    let dataType: DataType
    let timeEmbedding: TimeEmbedding
    let imageInput, textInput, statesInput, output: Linear
    let positions, predictionToken, mean, deviation: Tensor
    let layers: [PriorLayer]
    let lastNorm: LayerNorm

    public init(_ configuration: PriorConfiguration, _ weights: Weights) throws {
        self.configuration = configuration
        let (embedding, width) = (configuration.embeddingWidth, configuration.width)
        timeEmbedding = try TimeEmbedding(weights["time_embedding"], channels: width, width: width)
        imageInput = try Linear(weights["proj_in"], from: embedding, to: width)
        textInput = try Linear(weights["embedding_proj"], from: embedding, to: width)
        statesInput = try Linear(weights["encoder_hidden_states_proj"], from: embedding, to: width)
        positions = try weights.parameter("positional_embedding", [1, configuration.length, width])
        predictionToken = try weights.parameter("prd_embedding", [1, 1, width])
        layers = try (0..<configuration.layers).map { try PriorLayer(weights["transformer_blocks"][$0], configuration) }
        lastNorm = try LayerNorm(weights["norm_out"], size: width)
        output = try Linear(weights["proj_to_clip_embeddings"], from: width, to: embedding)
        mean = try weights.parameter("clip_mean", [1, embedding])
        deviation = try weights.parameter("clip_std", [1, embedding], initially: .constant(1))
        dataType = try positions.dataType
    }

    /// Prepares texts.
    public func condition(_ texts: PromptEncoding) throws -> Condition {
        let (batch, width) = (texts.counts.count, configuration.embeddingWidth)
        guard texts.states.shape == [batch, configuration.textLength, width], texts.embedding.shape == [batch, width] else {
            throw NetworkError.unsuitableInput(
                "The prior takes texts of \(configuration.textLength) tokens with \(width) numbers each, not \(texts.states.shape).")
        }
        let embedding = try textInput(onDevice(texts.embedding)).reshaped([batch, 1, configuration.width])
        let text = try Tensor.concatenated([statesInput(onDevice(texts.states)), embedding], dimension: 1)
        return Condition(text: text, mask: try onDevice(mask(texts.counts)))
    }

    public func callAsFunction(_ noisy: Tensor, timestep: Int, _ condition: Condition) throws -> Tensor {
        let (batch, width) = (noisy.size(0), configuration.width)
        guard noisy.shape == [condition.text.size(0), configuration.embeddingWidth] else {
            throw NetworkError.unsuitableInput(
                "The prior takes \(condition.text.size(0)) embeddings of \(configuration.embeddingWidth) numbers, not \(noisy.shape).")
        }
        let time = try timeEmbedding(Tensor.full([batch], Double(timestep), device: positions.device)).reshaped([batch, 1, width])
        let image = try imageInput(onDevice(noisy)).reshaped([batch, 1, width])
        let prediction = try predictionToken.expanded([batch, 1, width])
        var x = try Tensor.concatenated([condition.text, time, image, prediction], dimension: 1) + positions
        for layer in layers { x = try layer(x, mask: condition.mask) }
        let last = try lastNorm(x).narrowed(1, from: configuration.length - 1, length: 1).reshaped([batch, width])
        return try output(last).to(.float32)
    }

    /// Sampling works on embeddings normalised to zero mean and unit variance; this undoes it.
    public func embedding(_ sampled: Tensor) throws -> Tensor {
        try sampled * deviation.to(.float32) + mean.to(.float32)
    }

    /// No token sees those behind it, nor the padding of the text: −10,000 each, as the network was trained.
    private func mask(_ counts: [Int]) throws -> Tensor {
        let length = configuration.length
        let values = counts.flatMap { count in
            (0..<length).flatMap { row in
                (0..<length).map { column -> Float in
                    let isPadding = (count..<max(count, configuration.textLength)).contains(column)
                    return (isPadding ? -10000 : 0) + (column > row ? -10000 : 0)
                }
            }
        }
        return try Tensor(values, shape: [counts.count, 1, length, length])
    }

    private func onDevice(_ tensor: Tensor) throws -> Tensor { try tensor.to(dataType, device: positions.device) }
}
