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
    /// - Throws: when `count` does not lie between 2 and the number of training timesteps.
    public func sampling(
        _ start: Tensor, steps count: Int, with predict: @escaping PriorPredictor, noise: @escaping () throws -> Tensor
    ) throws -> PriorTrajectory {
        PriorTrajectory(self, try steps(count), start, predict, noise)
    }
}

/// The steps of sampling with the prior, each computed when it is asked for.
public final class PriorTrajectory {
    private let schedule: PriorSchedule
    private let steps: [PriorSchedule.Step]
    private let predict: PriorPredictor
    private let noise: () throws -> Tensor
    /// How many steps are done.
    private var done = 0
    /// The embeddings so far, `[batch, width]`.
    public private(set) var embeddings: Tensor

    fileprivate init(
        _ schedule: PriorSchedule, _ steps: [PriorSchedule.Step], _ start: Tensor, _ predict: @escaping PriorPredictor,
        _ noise: @escaping () throws -> Tensor
    ) {
        self.schedule = schedule
        self.steps = steps
        embeddings = start
        self.predict = predict
        self.noise = noise
    }

    /// Computes the next step.
    /// - Returns: how many steps are done with it; nil when none was left.
    public func advance() throws -> Int? {
        guard done < steps.count else { return nil }
        let step = steps[done]
        var clean = try predict(embeddings, step.timestep)
        if schedule.predictsNoise { clean = try (embeddings - clean * step.noiseRoot) / step.signalRoot }
        if let clipRange = schedule.clipRange { clean = try clean.clamped(-clipRange, clipRange) }
        embeddings = try clean * step.clean + embeddings * step.current
        if step.timestep > 0 { embeddings = try embeddings + noise() * step.noise }
        done += 1
        return done
    }
}
