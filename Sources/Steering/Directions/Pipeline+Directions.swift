import Foundation
import Networks
import Tensors

/// The making of a direction from some texts to others: the mean difference of their embeddings, as long as image embeddings typically are.
final class DirectionWork: SteppedWork {
    private let definition: Direction.Definition
    private let name: String
    private let pipeline: Pipeline
    private let texts: DirectionTexts
    private let embedding: TextEmbedding

    /// - Parameter progress: called with how far the text tower is loaded, if it is not in memory.
    /// - Throws: `SteeringError.unsuitablePhrase` when a text is too long.
    init(
        _ definition: Direction.Definition, named name: String, _ pipeline: Pipeline, _ progress: @escaping (WorkProgress) -> Void
    ) throws {
        self.definition = definition
        self.name = name
        self.pipeline = pipeline
        texts = try DirectionTexts(definition, DirectionTemplates(pack: pipeline.pack))
        embedding = try TextEmbedder(pipeline, progress).embedding(ofTexts: texts.to + texts.from)
    }

    func advance() throws -> WorkProgress? { try embedding.advance() }

    /// The direction, once every step is done.
    /// - Throws: `SteeringError.unsuitablePhrase` when the text tower does not tell the phrases apart.
    func direction() throws -> Direction {
        let embeddings = try embedding.result()
        let (to, from) = (
            try embeddings.narrowed(0, from: 0, length: texts.to.count),
            try embeddings.narrowed(0, from: texts.to.count, length: texts.from.count)
        )
        let difference = try to.mean([0]) - from.mean([0])
        let (length, size) = (try difference.norm().item(), try embeddings.norm([1]).mean().item())
        guard length > size * 1e-5 else {
            throw SteeringError.unsuitablePhrase(definition.to, reason: "the pack's text tower finds no difference.")
        }
        let vector = try difference * (pipeline.typicalEmbeddingLength() / length)
        return Direction(name: name, vector: try vector.floats(), definition: definition)
    }
}

extension Pipeline {
    /// How long image embeddings are: by the mean and deviation that the pack's prior was trained with, or like the unconditional embedding.
    func typicalEmbeddingLength() throws -> Double {
        if let place = try? pack.folder(of: .prior) {
            let file = try WeightFiles.open(in: place, stem: "diffusion_pytorch_model")
            if file.entry("clip_mean") != nil, file.entry("clip_std") != nil {
                let (mean, deviation) = (try file.tensor("clip_mean").to(.float32), try file.tensor("clip_std").to(.float32))
                return try (mean.squared().sum() + deviation.squared().sum()).squareRoot().item()
            }
        }
        return try unconditionalEmbedding().norm().item()
    }

    /// The features whose directions lie closest to a vector, forwards or backwards, closest first.
    func features(along direction: Direction, count: Int) throws -> [FeatureMatch] {
        guard direction.vector.count == autoencoder.width else {
            throw SteeringError.directionOfAnotherWidth(direction.name, found: direction.vector.count, expected: autoencoder.width)
        }
        let vector = try Tensor(direction.vector, shape: [1, autoencoder.width]).to(device: device)
        let cosines = try DirectionIndex(autoencoder, isCentred: false).cosines(with: vector, of: 0..<autoencoder.count).reshaped([-1])
        let top = try cosines.magnitude().top(min(count, autoencoder.count)).indices
        return try zip(top.integers(), cosines.selecting(top).floats()).map { FeatureMatch(feature: $0, score: $1) }
    }
}
