import Diffusion
import Networks
import Tensors

extension NoiseModel {
    /// The noise from which DDIM comes back to `latents`, approximately: as diffusers inverts.
    func inverted(_ latents: Tensor, embedding: Tensor, steps: Int, _ each: (DDIM.Step) throws -> Void = { _ in }) throws -> Tensor {
        let predict = try noisePredictor(for: embedding, guidance: 1, negative: nil, "The inverted latents")
        return try DDIM(schedule, steps: steps).inverting(latents, with: predict).finish(each).finite("The inverted latents")
    }

    /// The steps from noise `[batch, channels, height, width]` to clean latents.
    /// - Parameters:
    ///   - embeddings: `[batch, width]`.
    ///   - negative: the embeddings that guidance leads away from, `[1 or batch, width]`; nil means the unconditional one.
    func denoising(
        _ noise: Tensor, embeddings: Tensor, negative: Tensor? = nil, steps: Int, guidance: Double
    ) throws -> Trajectory {
        let predict = try noisePredictor(for: embeddings, guidance: guidance, negative: negative, nil)
        return try DDIM(schedule, steps: steps).denoising(noise, with: predict)
    }
}

extension Trajectory {
    /// The clean latents at the end of sampling.
    /// - Throws: `CancellationError` between two steps, `SteeringError.notANumber` when they are not finite.
    func cleanLatents(_ each: (DDIM.Step) throws -> Void = { _ in }) throws -> Tensor {
        try finish { step in
            try Task.checkCancellation()
            try each(step)
        }.finite("The latents")
    }
}

extension Tensor {
    /// Itself.
    /// - Throws: `SteeringError.notANumber` with `what` unless every element is finite.
    func finite(_ what: String) throws -> Tensor {
        guard try isAllFinite() else { throw SteeringError.notANumber(stage: what) }
        return self
    }
}
