import Diffusion
import Networks
import Tensors

extension Pipeline {
    /// What texts become on the way to a picture's embedding.
    /// - Parameter progress: called with how far the text tower is loaded, if it is not in memory.
    func encoding(of texts: [String], _ progress: (WorkProgress) -> Void = { _ in }) throws -> PromptEncoding {
        let networks = try textNetworks(progress)
        let tokenized = texts.map { networks.tokenizer($0) }
        let output = try networks.embed(tokenized.map(\.tokens))
        guard try output.states.isAllFinite() && output.embedding.isAllFinite() else {
            throw SteeringError.notANumber(stage: "The text's embedding")
        }
        return PromptEncoding(states: output.states, embedding: output.embedding, counts: tokenized.map(\.count))
    }

    /// The tokenizer, and the text tower with the width of what it makes of tokens; it may stay in memory only as long as it is held.
    /// - Throws: `SteeringError.packPartMissing`, or `SteeringError.mismatch` when they do not fit each other.
    func textNetworks(
        makesRoom: Bool = true, _ progress: (WorkProgress) -> Void = { _ in }
    ) throws -> (tokenizer: Tokenizer, width: Int, embed: ([[Int]]) throws -> TextTower.Output) {
        let tokenizer = try pack.tokenizer()
        let tower = try networks.textTower(makesRoom: makesRoom, progress)
        guard tokenizer.vocabularySize <= tower.configuration.vocabulary, tokenizer.length <= tower.configuration.length else {
            throw SteeringError.mismatch(
                "\(pack.folder.path): the tokenizer's \(tokenizer.vocabularySize) tokens and texts of \(tokenizer.length) do not fit the text "
                    + "encoder's \(tower.configuration.vocabulary) and \(tower.configuration.length).")
        }
        let embed = try networks.computation(
            .textEncoder, "The text's embedding", tower, again: networks.textTower,
            { tower in { (tokens: [[Int]]) in try tower(tokens) } }, checking: { [$0.states, $0.embedding] })
        return (tokenizer, tower.configuration.projection, embed)
    }
}

/// A prompt's way to an image embedding.
///
/// Matches diffusers' `KandinskyV22PriorPipeline`, which draws the embedding and that of the negative prompt from one batch of noise.
final class PromptSampling: SteppedWork {
    private static let what = "The prompt's image embedding"

    private let prompt: Prompt
    private let prior: Prior
    private let trajectory: PriorTrajectory

    /// - Parameter progress: called with how far the networks of texts are loaded, if they are not in memory.
    init(_ prompt: Prompt, _ pipeline: Pipeline, _ progress: (WorkProgress) -> Void = { _ in }) throws {
        let texts = [prompt.text] + (prompt.negative.map { [$0] } ?? [])
        let opposites = [String](repeating: prompt.negative ?? "", count: texts.count)
        let schedule = try pipeline.pack.priorSchedule()
        let encoding = try pipeline.encoding(of: texts + opposites, progress)
        let networks = pipeline.networks
        let prior = try networks.prior(progress)
        let predict = try networks.computation(.prior, Self.what, prior, again: networks.prior) { prior in
            let predict = try prior.predictor(
                for: encoding.part(0..<texts.count), guidance: prompt.guidance, unconditional: encoding.part(texts.count..<2 * texts.count))
            return { (place: (embeddings: Tensor, timestep: Int)) in try predict(place.embeddings, place.timestep) }
        }
        let generator = try Generator(seed: prompt.seed)
        func noise() throws -> Tensor {
            try generator.normal([texts.count, prior.configuration.embeddingWidth]).to(device: pipeline.device)
        }
        self.prompt = prompt
        self.prior = prior
        trajectory = try schedule.sampling(noise(), steps: prompt.steps, with: { try predict(($0, $1)) }, noise: noise)
    }

    func advance() throws -> WorkProgress? {
        try trajectory.advance().map { WorkProgress(.embedding, step: $0, count: prompt.steps) }
    }

    /// Image embeddings `[1, width]` of the prompt and of its negative, where it has one: what guidance leads away from; once every step is done.
    func embeddings() throws -> (picture: Tensor, negative: Tensor?) {
        let embeddings = try prior.embedding(trajectory.embeddings)
        guard try embeddings.isAllFinite() else { throw SteeringError.notANumber(stage: Self.what) }
        let negative = prompt.negative == nil ? nil : try embeddings.narrowed(0, from: 1, length: 1)
        return (try embeddings.narrowed(0, from: 0, length: 1), negative)
    }
}

extension Engine {
    /// Image embeddings `[1, width]` of a prompt and of its negative, where it has one.
    func embeddings(
        of prompt: Prompt, _ pipeline: Pipeline, _ sharing: EngineSharing, _ progress: (WorkProgress) -> Void
    ) async throws -> (picture: Tensor, negative: Tensor?) {
        let sampling = try computing { try PromptSampling(prompt, pipeline, progress) }
        // Where the prior does not stay in memory, each of those who share would load one of its own.
        try await finish(sampling, pipeline.networks.keepsTexts ? sharing : .exclusive, progress)
        return try computing { try sampling.embeddings() }
    }
}

extension PromptEncoding {
    /// Some of the batch's texts.
    fileprivate func part(_ range: Range<Int>) throws -> PromptEncoding {
        PromptEncoding(
            states: try states.narrowed(0, from: range.lowerBound, length: range.count),
            embedding: try embedding.narrowed(0, from: range.lowerBound, length: range.count), counts: Array(counts[range]))
    }
}
