import Diffusion
import Networks
import Scenes
import Tensors

// What is measured in pictures that are drawn by diffusion.

extension Evaluation {
    /// What the factor reader reads in pictures drawn from embeddings, and how close drawing comes to a picture whose latents were inverted.
    func decoder() throws -> PackFigures.Decoder {
        PackFigures.Decoder(
            fromNoise: try drawing(guidance: 1), guided: try drawing(guidance: settings.guidance),
            repeated: try Measurement(meanOf: repetitions()),
            fromInversion: try Measurement(meanOf: inversionErrors(), transform: decibels))
    }

    private func drawing(guidance: Double) throws -> [String: Measurement] {
        var hits = FactorHits()
        for indices in try batches(settings.drawn) {
            let readings = try read(embeddings.selecting(indices), noise(for: indices.integers()), guidance: guidance)
            hits.add(readings, expected: try scenes(indices))
        }
        return try hits.measured()
    }

    /// Of each scene the share of the factors that the factor reader reads alike in two pictures from the same embedding.
    private func repetitions() throws -> [Double] {
        try batches(settings.inverted).flatMap { indices in
            let places = try indices.integers()
            let own = try embeddings.selecting(indices)
            let pairs = try zip(read(own, noise(for: places)), read(own, noise(for: places.map { $0 + heldOut.count })))
            return pairs.map { one, other in
                Double(Factor.allCases.filter { one[$0] == other[$0] }.count) / Double(Factor.allCases.count)
            }
        }
    }

    private func inversionErrors() throws -> [Double] {
        try batches(settings.inverted).flatMap { indices in
            let predictNoise = try pack.unet.noisePredictor(for: embeddings.selecting(indices))
            let latents = try pack.movq.encode(heldOut.pictures(indices))
            let ddim = try DDIM(pack.schedule, steps: settings.steps)
            let path = try InversionPath(latents, for: ddim, inversionSteps: settings.invertSteps)
            while path.missingCount > 0 { try path.advance(with: predictNoise) }
            let back = try ddim.retracing(path, with: predictNoise).finish()
            return try squaredErrors(pack.movq.decode(back).clamped(-1, 1), pack.movq.decode(latents).clamped(-1, 1))
        }
    }

    /// The first `count` held-out scenes, a few at a time.
    func batches(_ count: Int) throws -> [Tensor] {
        try stride(from: 0, to: min(count, heldOut.count), by: Self.batch).map { start in
            let end = min(start + Self.batch, count, heldOut.count)
            return try Tensor((start..<end).map(Int64.init), shape: [end - start], device: .ambient)
        }
    }
}
