import Diffusion
import Networks
import Tensors

extension NoiseModel {
    /// The steps to the noise from which DDIM comes back to `latents`, approximately: as diffusers inverts.
    func inverting(_ latents: Tensor, embedding: Tensor, steps: Int) throws -> Trajectory {
        let predict = try noisePredictor(for: embedding, guidance: 1, negative: nil, "The inverted latents")
        return try DDIM(schedule, steps: steps).inverting(latents, with: predict)
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

extension Engine {
    /// The clean latents at the end of sampling, which are made sure to be finite then, not in every step: each check waits for the device.
    ///
    /// Where they are not in a half type, all is sampled again in float32.
    /// - Parameters:
    ///   - trajectory: what is sampled, and how the engine is shared meanwhile.
    ///   - each: called after each step.
    /// - Throws: what `trajectory` throws; `CancellationError` between two steps; `SteeringError.notANumber`.
    func sampled(
        _ pipeline: Pipeline, _ sharing: EngineSharing, _ trajectory: (EngineSharing) async throws -> Trajectory,
        _ each: (DDIM.Step) throws -> Void = { _ in }
    ) async throws -> Tensor {
        try await pipeline.networks.widening(.unet, on: self, sharing) { sharing in
            try await finish(trajectory(sharing), sharing, each)
        }
    }

    /// The latents at the end of a trajectory.
    /// - Parameters:
    ///   - what: the latents, as the beginning of a sentence.
    ///   - each: called after each step.
    /// - Throws: `CancellationError` between two steps, `SteeringError.notANumber` when the latents are not finite.
    func finish(
        _ trajectory: Trajectory, _ sharing: EngineSharing, naming what: String = "The latents",
        _ each: (DDIM.Step) throws -> Void = { _ in }
    ) async throws -> Tensor {
        while try computing({ try trajectory.advance().map { try each($0) } }) != nil { await giveWay(sharing) }
        return try computing { try trajectory.latents.finite(what) }
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
