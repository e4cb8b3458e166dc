import Networks
import Scenes
import Tensors

// What is measured in pictures that are drawn by diffusion.

extension Evaluation {
    /// What the judge reads in pictures drawn from embeddings, and how close drawing comes to a picture whose latents were inverted.
    func decoder() throws -> PackFigures.Decoder {
        var hits = FactorHits()
        for indices in try batches(settings.drawn) {
            let drawn = try pack.pictures(
                of: embeddings.selecting(indices), from: noise(from: indices.integers()[0], count: indices.count), steps: settings.steps)
            hits.add(try judge.values(of: drawn), expected: try scenes(indices))
        }
        return PackFigures.Decoder(
            fromNoise: try hits.measured(), fromInversion: try Measurement(meanOf: inversionErrors(), transform: decibels))
    }

    private func inversionErrors() throws -> [Double] {
        try batches(settings.inverted).flatMap { indices in
            let predictNoise = try pack.unet.noisePredictor(for: embeddings.selecting(indices))
            let latents = try pack.movq.encode(heldOut.pictures(indices))
            let start = try DDIM(pack.schedule, steps: settings.invertSteps).inverting(latents, with: predictNoise).finish()
            let back = try DDIM(pack.schedule, steps: settings.steps).denoising(start, with: predictNoise).finish()
            return try squaredErrors(pack.movq.decode(back).clamped(-1, 1), pack.movq.decode(latents).clamped(-1, 1))
        }
    }

    /// The first `count` held-out scenes, a few at a time.
    func batches(_ count: Int) throws -> [Tensor] {
        try stride(from: 0, to: min(count, heldOut.count), by: Self.batch).map { start in
            let end = min(start + Self.batch, count, heldOut.count)
            return try Tensor((start..<end).map(Int64.init), shape: [end - start])
        }
    }
}
