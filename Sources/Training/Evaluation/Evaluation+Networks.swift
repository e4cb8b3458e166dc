import Networks
import Scenes
import Tensors

// What is measured without drawing by diffusion.

extension Evaluation {
    /// How close reconstructions are, and what the factor reader reads in them.
    func autoencoder() throws -> PackFigures.Autoencoder {
        var hits = FactorHits()
        var errors: [Double] = []
        for indices in try heldOut.batches(of: Self.batch) {
            let pictures = try heldOut.pictures(indices)
            let decoded = try pack.movq.decode(pack.movq.encode(pictures)).clamped(-1, 1)
            errors += try squaredErrors(decoded, pictures)
            hits.add(try factorReader.readings(of: decoded), expected: try scenes(indices))
        }
        return PackFigures.Autoencoder(psnr: try Measurement(meanOf: errors, transform: decibels), reader: try hits.measured())
    }

    /// Of each picture in −1…1 on the scale of 0…1.
    func squaredErrors(_ pictures: Tensor, _ others: Tensor) throws -> [Double] {
        try (pictures - others).squared().mean([1, 2, 3]).floats().map { Double($0) / 4 }
    }

    /// What linear probes read in embeddings, and whether captions find their pictures.
    func clip() throws -> PackFigures.Clip {
        var probes: [String: Measurement] = [:]
        for factor in Factor.allCases {
            let probe = try LinearProbe(trainingEmbeddings, training.labels(factor), values: factor.values.count)
            probes[factor.rawValue] = try Measurement(meanOf: probe.hits(embeddings, heldOut.labels(factor)))
        }
        let candidates = min(1000, heldOut.count)
        return PackFigures.Clip(probes: probes, retrieval: try retrieval(candidates), candidates: candidates)
    }

    private func retrieval(_ candidates: Int) throws -> Measurement? {
        guard let (tower, tokenizer) = pack.text else { return nil }
        let texts = CaptionTokens(tokenizer)(Array(heldOut.scenes.prefix(candidates)), seed: SceneBank.heldOutSeed, from: 0)
        let queries = try tower(texts).embedding.unit()
        let found = try queries.matmul(embeddings.narrowed(0, from: 0, length: candidates).unit().transposed()).argmax(1)
        let hits = try found.isEqual(to: Tensor.range(candidates, type: .int64, device: .ambient)).to(.float32).floats()
        return try Measurement(meanOf: hits.map(Double.init))
    }

    /// The F1 from which on a feature stands for a factor value.
    private static let recovered = 0.9

    private static func part(_ scores: [Double]) -> Double { Double(scores.count { $0 >= recovered }) / Double(scores.count) }

    /// How well the sparse autoencoder explains embeddings, and for how many factor values it has a feature.
    func sparse(_ choice: FeatureChoice) throws -> PackFigures.Sparse {
        let features = try pack.sparseAutoencoder.encode(embeddings)
        let restored = try pack.sparseAutoencoder.decode(features, of: embeddings)
        let spread = try (embeddings - embeddings.mean([0], keep: true)).squared().sum([1]).mean().item()
        let isActive = try features.isGreater(than: 0).to(.float32)
        func measured(_ numbers: Tensor, scale: Double = 1) throws -> Measurement {
            try Measurement(meanOf: numbers.floats().map { Double($0) * scale })
        }
        let scores = try choice.scores(heldOut, features)
        return PackFigures.Sparse(
            features: pack.sparseAutoencoder.count,
            unexplained: try measured((embeddings - restored).squared().sum([1]), scale: 1 / spread),
            active: try measured(isActive.sum([1])),
            cosine: try measured((embeddings * restored).sum([1]) / (embeddings.norm([1]) * restored.norm([1]))),
            dead: 1 - (try isActive.largest([0]).mean().item()),
            values: zip(choice.choices, scores).map { choice, score in
                PackFigures.Score(
                    factor: choice.factor.rawValue, value: choice.factor.values[choice.value], feature: choice.best.feature,
                    f1: score.chosen, activeF1: score.active)
            }, recovered: Self.part(scores.map(\.chosen)), recoveredByActivity: Self.part(scores.map(\.active)))
    }
}
