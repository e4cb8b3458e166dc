import Tensors

/// CLIP's text tower: a causal transformer over tokens; what it says at the end token, projected, is the text's embedding.
///
/// Matches transformers' `CLIPTextModelWithProjection` without an attention mask: no token sees the padding behind it anyway.
public struct TextTower: CheckpointNetwork {
    /// What the tower makes of a batch of texts.
    public struct Output {
        /// The last layer's output at each token, normalised: `[batch, tokens, width]`.
        public let states: Tensor
        /// `[batch, projection]`, not normalised.
        public let embedding: Tensor
    }

    /// Older checkpoints store the positions 0, 1, … as a parameter.
    public static let unneededParameters = ["text_model.embeddings.position_ids"]

    public let configuration: TextTowerConfiguration
    let tokens, positions: Tensor
    let layers: [TransformerLayer]
    let lastNorm: LayerNorm
    let projection: Linear

    public init(_ configuration: TextTowerConfiguration, _ weights: Weights) throws {
        self.configuration = configuration
        let width = configuration.width
        let model = weights["text_model"]
        let embeddings = model["embeddings"]
        tokens = try embeddings["token_embedding"].parameter(
            "weight", [configuration.vocabulary, width], initially: .normal(deviation: 0.02))
        positions = try embeddings["position_embedding"].parameter(
            "weight", [configuration.length, width], initially: .normal(deviation: 0.02))
        layers = try (0..<configuration.layers).map {
            try TransformerLayer(model["encoder"]["layers"][$0], configuration.transformer)
        }
        lastNorm = try LayerNorm(model["final_layer_norm"], size: width, epsilon: configuration.epsilon)
        projection = try Linear(weights["text_projection"], from: width, to: configuration.projection, bias: false)
    }

    /// - Parameter texts: the tokens of each text, equally many.
    /// - Throws: `NetworkError.unsuitableInput` when they are too many, not equally many, or not of the vocabulary.
    public func callAsFunction(_ texts: [[Int]]) throws -> Output {
        let count = texts.first?.count ?? 0
        try validate(texts, count)
        let width = configuration.width
        let numbers = try Tensor(texts.flatMap { $0.map(Int64.init) }, shape: [texts.count * count], device: tokens.device)
        var x = try tokens.selecting(numbers).reshaped([texts.count, count, width]) + positions.narrowed(0, from: 0, length: count)
        for layer in layers { x = try layer(x) }
        let states = try lastNorm(x)
        let ends = try Tensor(texts.enumerated().map { Int64($0 * count + end($1)) }, shape: [texts.count], device: tokens.device)
        let embedding = try projection(states.reshaped([-1, width]).selecting(ends))
        return Output(states: try states.to(.float32), embedding: try embedding.to(.float32))
    }

    /// The position at which a text's embedding is read; the first when the token is missing, as in transformers.
    private func end(_ text: [Int]) -> Int {
        switch configuration.pooling {
        case .greatest: text.max().flatMap(text.firstIndex(of:)) ?? 0
        case .first(let token): text.firstIndex(of: token) ?? 0
        }
    }

    private func validate(_ texts: [[Int]], _ count: Int) throws {
        guard (1...configuration.length).contains(count), texts.allSatisfy({ $0.count == count }) else {
            throw NetworkError.unsuitableInput(
                "The text tower takes texts of 1 to \(configuration.length) tokens, all of a batch equally long, not \(texts.map(\.count))."
            )
        }
        if let stranger = texts.joined().first(where: { !(0..<configuration.vocabulary).contains($0) }) {
            throw NetworkError.unsuitableInput(
                "There is no token \(stranger): the text tower knows tokens 0 to \(configuration.vocabulary - 1).")
        }
    }
}
