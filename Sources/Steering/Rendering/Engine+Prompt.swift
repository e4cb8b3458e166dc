import Networks
import Pictures
import Tensors

extension Engine {
    /// Makes a picture from a text.
    /// - Throws: `SteeringError.packPartMissing` when the pack has no text part.
    public func render(_ request: PromptRequest, progress: @Sendable (WorkProgress) -> Void = { _ in }) throws -> Picture {
        try working { pipeline in
            progress(WorkProgress(.embedding, step: 0, count: request.prompt.steps))
            let embeddings = try pipeline.embeddings(of: request.prompt, progress)
            let embedding = try edited(embeddings.picture, request.stack, pipeline)
            try pipeline.prepareSampling(isGuided: request.guidance != 1 && embeddings.unwanted == nil, progress)
            let size = try pipeline.workingSize(width: request.width, height: request.height)
            let start = try pipeline.noise(seed: request.seed, height: size.height, width: size.width)
            let latents = try pipeline.denoised(
                start, embedding: embedding, unwanted: embeddings.unwanted, steps: request.steps, guidance: request.guidance
            ) { step in
                try Task.checkCancellation()
                progress(WorkProgress(.rendering, step: step.index + 1, count: step.count))
            }
            return try Picture(unit: pipeline.decoded(latents))
        }
    }

    /// Every feature's activation in the embedding of a text.
    /// - Throws: `SteeringError.packPartMissing` when the pack has no text part.
    public func activations(of prompt: Prompt, progress: @Sendable (WorkProgress) -> Void = { _ in }) throws -> [Float] {
        try working { pipeline in try pipeline.networks.activations(of: pipeline.embeddings(of: prompt, progress).picture).floats() }
    }

    /// The embedding after the stack's edits, with the activations encoded from it.
    private func edited(_ embedding: Tensor, _ stack: EditStack, _ pipeline: Pipeline) throws -> Tensor {
        if stack.isEmpty { return embedding }
        let activations = try pipeline.networks.activations(of: embedding).floats()
        if let outside = stack.features.first(where: { !activations.indices.contains($0) }) {
            throw SteeringError.featureOutOfRange(outside, count: activations.count)
        }
        return try pipeline.moved(embedding, by: stack.changes { activations[$0] })
    }
}
