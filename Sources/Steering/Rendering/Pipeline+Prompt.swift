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

    /// Image embeddings `[1, width]` of a prompt and of its negative, where it has one: what guidance leads away from.
    ///
    /// Matches diffusers' `KandinskyV22PriorPipeline`, which draws both from one batch of noise.
    func embeddings(of prompt: Prompt, _ progress: (WorkProgress) -> Void = { _ in }) throws -> (picture: Tensor, negative: Tensor?) {
        let texts = [prompt.text] + (prompt.negative.map { [$0] } ?? [])
        let opposites = [String](repeating: prompt.negative ?? "", count: texts.count)
        let schedule = try pack.priorSchedule()
        let encoding = try encoding(of: texts + opposites, progress)
        let prior = try networks.prior(progress)
        let what = "The prompt's image embedding"
        let predict = try networks.computation(.prior, what, prior, again: networks.prior) { prior in
            let predict = try prior.predictor(
                for: encoding.part(0..<texts.count), guidance: prompt.guidance, unconditional: encoding.part(texts.count..<2 * texts.count))
            return { (place: (embeddings: Tensor, timestep: Int)) in try predict(place.embeddings, place.timestep) }
        }
        let generator = try Generator(seed: prompt.seed)
        func noise() throws -> Tensor { try generator.normal([texts.count, prior.configuration.embeddingWidth]).to(device: device) }
        func prediction(_ embeddings: Tensor, _ timestep: Int) throws -> Tensor { try predict((embeddings, timestep)) }
        let sampled = try schedule.sample(noise(), steps: prompt.steps, with: prediction, noise: noise) { done in
            try Task.checkCancellation()
            progress(WorkProgress(.embedding, step: done, count: prompt.steps))
        }
        let embeddings = try prior.embedding(sampled)
        guard try embeddings.isAllFinite() else { throw SteeringError.notANumber(stage: what) }
        let negative = prompt.negative == nil ? nil : try embeddings.narrowed(0, from: 1, length: 1)
        return (try embeddings.narrowed(0, from: 0, length: 1), negative)
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
