import Networks
import Tensors

/// Predicts what noisy embeddings `[batch, width]` are without noise (or the noise itself), at a timestep.
public typealias PriorPredictor = (_ embeddings: Tensor, _ timestep: Int) throws -> Tensor

extension Prior {
    /// A predictor for texts. With guidance above 1 it calls the network on a batch of twice the size: `x₀ + g·(x − x₀)`, with x₀ predicted
    /// for `unconditional`, the encodings of as many empty texts.
    public func predictor(for texts: PromptEncoding, guidance: Double, unconditional: PromptEncoding? = nil) throws -> PriorPredictor {
        guard guidance > 1 else {
            let condition = try condition(texts)
            return { try self($0, timestep: $1, condition) }
        }
        guard let unconditional else { throw NetworkError.unsuitableInput("Guidance needs the encoding of an empty text.") }
        let both = try condition(
            PromptEncoding(
                states: Tensor.concatenated([unconditional.states, texts.states], dimension: 0),
                embedding: Tensor.concatenated([unconditional.embedding, texts.embedding], dimension: 0),
                counts: unconditional.counts + texts.counts))
        return { embeddings, timestep in
            let pair = try Tensor.concatenated([embeddings, embeddings], dimension: 0)
            let predicted = try self(pair, timestep: timestep, both).split(2, dimension: 0)
            return try predicted[0] + (predicted[1] - predicted[0]) * guidance
        }
    }
}

extension PriorSchedule {
    /// From noise `[batch, width]` to clean embeddings of zero mean and unit variance. Matches the loop of diffusers' `KandinskyV22PriorPipeline`.
    /// - Parameters:
    ///   - start: standard normal noise, `[batch, width]`.
    ///   - count: the number of steps.
    ///   - predict: the prior, under guidance or without.
    ///   - noise: gives standard normal numbers `[batch, width]` after every step but the last.
    ///   - each: called with how many steps are done; what it throws ends the work.
    public func sample(
        _ start: Tensor, steps count: Int, with predict: PriorPredictor, noise: () throws -> Tensor,
        _ each: (_ done: Int) throws -> Void = { _ in }
    ) throws -> Tensor {
        var embeddings = start
        for (index, step) in try steps(count).enumerated() {
            var clean = try predict(embeddings, step.timestep)
            if predictsNoise { clean = try (embeddings - clean * step.noiseRoot) / step.signalRoot }
            if let clipRange { clean = try clean.clamped(-clipRange, clipRange) }
            embeddings = try clean * step.clean + embeddings * step.current
            if step.timestep > 0 { embeddings = try embeddings + noise() * step.noise }
            try each(index + 1)
        }
        return embeddings
    }
}
