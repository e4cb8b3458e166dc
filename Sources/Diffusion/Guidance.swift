import Networks
import Tensors

extension UNet {
    /// A noise predictor for image embeddings `[batch, width]`, one for each of the latents.
    ///
    /// With guidance 1 it calls the network once per step. Above, once on a batch of twice as many: `u₀ + g·(u − u₀)`, with u₀ predicted for
    /// `unconditional [1, width]` (Ho & Salimans, "Classifier-Free Diffusion Guidance", 2022).
    public func noisePredictor(for embedding: Tensor, guidance: Double = 1, unconditional: Tensor? = nil) throws -> NoisePredictor {
        try noisePredictor(for: embedding, guidance: guidance, unconditional: unconditional) { latents, timestep, condition in
            try self(latents, timesteps: Tensor.full([1], Double(timestep), device: latents.device), condition)
        }
    }

    /// - Parameter predict: this network's prediction, noise and variance, by whatever way it is computed.
    func noisePredictor(
        for embedding: Tensor, guidance: Double, unconditional: Tensor?,
        predicting predict: @escaping (_ latents: Tensor, _ timestep: Int, Condition) throws -> Tensor
    ) throws -> NoisePredictor {
        let channels = configuration.inputChannels
        guard guidance != 1 else {
            let condition = try condition(embedding)
            return { latents, timestep in try predict(latents, timestep, condition).narrowed(1, from: 0, length: channels) }
        }
        guard let unconditional else { throw NetworkError.unsuitableInput("Guidance needs the unconditional embedding.") }
        let both = try condition(Tensor.concatenated([unconditional.expanded(embedding.shape), embedding], dimension: 0))
        return { latents, timestep in
            let pair = try Tensor.concatenated([latents, latents], dimension: 0)
            let noise = try predict(pair, timestep, both).narrowed(1, from: 0, length: channels).split(2, dimension: 0)
            return try noise[0] + (noise[1] - noise[0]) * guidance
        }
    }
}
