import Networks
import Tensors

extension Pipeline {
    /// What texts become on the way to a picture's embedding.
    /// - Parameter progress: is told how far the text tower is loaded, if it is not in memory.
    func encoding(of texts: [String], _ progress: (WorkProgress) -> Void = { _ in }) throws -> PromptEncoding {
        let (tokenizer, tower) = try textNetworks(progress)
        let tokenized = texts.map { tokenizer($0) }
        let output = try tower(tokenized.map(\.tokens))
        guard try output.states.isAllFinite() && output.embedding.isAllFinite() else {
            throw SteeringError.notANumber(stage: "The text's embedding")
        }
        return PromptEncoding(states: output.states, embedding: output.embedding, counts: tokenized.map(\.count))
    }

    /// The text tower may stay in memory only as long as it is held.
    /// - Throws: `SteeringError.packPartMissing`, or `SteeringError.mismatch` when they do not fit each other.
    func textNetworks(_ progress: (WorkProgress) -> Void = { _ in }) throws -> (tokenizer: Tokenizer, tower: TextTower) {
        let tokenizer = try pack.tokenizer()
        let tower = try networks.textTower(progress)
        guard tokenizer.vocabularySize <= tower.configuration.vocabulary, tokenizer.length <= tower.configuration.length else {
            throw SteeringError.mismatch(
                "\(pack.folder.path): the tokenizer's \(tokenizer.vocabularySize) tokens and texts of \(tokenizer.length) do not fit the text "
                    + "encoder's \(tower.configuration.vocabulary) and \(tower.configuration.length).")
        }
        return (tokenizer, tower)
    }

    /// Image embeddings `[1, width]` of a prompt and of its negative, where it has one: what guidance leads away from.
    ///
    /// Matches diffusers' `KandinskyV22PriorPipeline`, which draws both from one batch of noise.
    func embeddings(of prompt: Prompt, _ progress: (WorkProgress) -> Void = { _ in }) throws -> (picture: Tensor, unwanted: Tensor?) {
        let texts = [prompt.text] + (prompt.negative.map { [$0] } ?? [])
        let opposites = [String](repeating: prompt.negative ?? "", count: texts.count)
        let schedule = try pack.priorSchedule()
        let encoding = try encoding(of: texts + opposites, progress)
        let prior = try networks.prior(progress)
        let predict = try prior.predictor(
            for: encoding.part(0..<texts.count), guidance: prompt.guidance, unconditional: encoding.part(texts.count..<2 * texts.count))
        let generator = try Generator(seed: prompt.seed)
        func noise() throws -> Tensor { try generator.normal([texts.count, prior.configuration.embeddingWidth]).to(device: device) }
        let sampled = try schedule.sample(noise(), steps: prompt.steps, with: predict, noise: noise) { done in
            try Task.checkCancellation()
            progress(WorkProgress(.embedding, step: done, count: prompt.steps))
        }
        let embeddings = try prior.embedding(sampled)
        guard try embeddings.isAllFinite() else { throw SteeringError.notANumber(stage: "The prompt's image embedding") }
        let unwanted = prompt.negative == nil ? nil : try embeddings.narrowed(0, from: 1, length: 1)
        return (try embeddings.narrowed(0, from: 0, length: 1), unwanted)
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
