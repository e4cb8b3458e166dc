import Networks
import Pictures
import Tensors

extension Engine {
    /// How many pictures of a size, in pixels, are best made at once: more of small ones, whose operations are short.
    public static func batchSize(width: Int, height: Int) -> Int {
        let pixels = 512 * 1024
        return max(1, min(capacity, pixels / max(1, width * height)))
    }

    /// Makes a picture.
    /// - Parameters:
    ///   - previews: whether progress carries a small picture of each step, where the pack has a map for that.
    ///   - sharing: which other calls compute between two steps.
    ///   - request: the picture to make.
    ///   - progress: called with how far it is.
    /// - Throws: `SteeringError`: for a number out of range, a feature that is not there, a picture that is no longer held, or a prompt where the
    ///   pack has no text part.
    public func render(
        _ request: RenderRequest, previews: Bool = false, sharing: EngineSharing = .exclusive,
        progress: @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> Picture {
        try await render([request], previews: previews, sharing: sharing, progress: progress)[0]
    }

    /// Makes several pictures at once, which takes less time than one by one where pictures are small.
    /// - Parameters:
    ///   - requests: all with the same sampling, at one size of the model.
    ///   - previews: whether progress carries a small picture of each step, where there is one request and the pack has a map for that.
    ///   - sharing: which other calls compute between two steps.
    ///   - progress: called with how far it is.
    /// - Throws: what `render(_:)` throws of each; `SteeringError.mismatch` when samplings or sizes differ.
    public func render(
        _ requests: [RenderRequest], previews: Bool = false, sharing: EngineSharing = .exclusive,
        progress: @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> [Picture] {
        try await render(requests, previews: previews, sharing, isDraft: false, progress)
    }

    /// - Parameter isDraft: whether an inversion of as few steps as sampling's will do where the whole one is not there yet.
    private func render(
        _ requests: [RenderRequest], previews: Bool, _ sharing: EngineSharing, isDraft: Bool, _ progress: (WorkProgress) -> Void
    ) async throws -> [Picture] {
        guard let sampling = requests.first?.sampling else { return [] }
        for request in requests { try request.requireRanges() }
        let pipeline = try opened()
        let sources = try await sources(of: requests, pipeline, sharing, progress)
        guard requests.allSatisfy({ $0.sampling == sampling }), sources.allSatisfy({ $0.size == sources[0].size }) else {
            throw SteeringError.mismatch("Only pictures of one size, with the same steps, guidance and start, are made together.")
        }
        let embeddings = try computing {
            let embeddings = try zip(sources, requests).map { try pipeline.edited($0, by: $1.stack) }
            let isGuided = sampling.guidance != 1
            try pipeline.prepareSampling(isGuided: isGuided && sources.contains { $0.negative == nil }, progress)
            return try Tensor.concatenated(embeddings, dimension: 0)
        }
        let latents = try await sampled(pipeline, sharing) { sharing in
            try await trajectory(embeddings, from: sources, sampling, isDraft: isDraft, pipeline, sharing, progress)
        } _: { step in
            let isPreviewed = previews && requests.count == 1 && step.index + 1 < step.count
            let preview = isPreviewed ? try pipeline.preview(step.predictedClean) : nil
            progress(WorkProgress(.rendering, step: step.index + 1, count: step.count, preview: preview))
        }
        return try computing {
            let pictures = try pipeline.decoded(latents).split(requests.count, dimension: 0).map { try Picture(unit: $0) }
            return try pictures.indices.map { try pictures[$0].sized(requests[$0].size, for: sources[$0]) }
        }
    }

    /// Makes a picture for somebody who waits for it and goes on editing: at once where nothing is changed, and then it inverts the picture ahead of
    /// the first change; along an inversion of few steps where few are asked for and the whole one is not there yet.
    func renderToShow(
        _ request: RenderRequest, previews: Bool, progress: @Sendable (WorkProgress) -> Void
    ) async throws -> Picture {
        stopInvertingAhead()
        if let picture = try reconstruction(request, previews: previews, progress) {
            if case .picture(let id) = request.origin { invertAhead(id, steps: request.sampling.steps) }
            return picture
        }
        let isDraft = try request.sampling.steps < usualSteps()
        return try await render([request], previews: previews, .exclusive, isDraft: isDraft, progress)[0]
    }

    /// How many steps the open pack proposes.
    private func usualSteps() throws -> Int { try working { $0.pack.description.steps ?? PackSummary.usualSteps } }

    /// The picture of a request that changes nothing and starts from the exact inversion, which is the autoencoder's own reconstruction:
    /// sampling would come to the same latents.
    /// - Returns: nil for any other request.
    func reconstruction(
        _ request: RenderRequest, previews: Bool, _ progress: @Sendable (WorkProgress) -> Void
    ) throws -> Picture? {
        guard case .picture(let id) = request.origin, request.sampling.start == .inversion, request.sampling.inversion == .exact else {
            return nil
        }
        try request.requireRanges()
        return try working { pipeline in
            let source = RenderSource(try analysis(id))
            guard let analysis = source.analysis, try pipeline.edited(source, by: request.stack) === source.embedding else { return nil }
            progress(WorkProgress(.rendering, step: 0, count: 2))
            let latents = try analysis.latents(pipeline)
            try Task.checkCancellation()
            progress(WorkProgress(.rendering, step: 1, count: 2, preview: previews ? try pipeline.preview(latents) : nil))
            return try Picture(unit: pipeline.decoded(latents)).sized(request.size, for: source)
        }
    }

    /// Every feature's activation in the embedding of a text.
    /// - Throws: `SteeringError.packPartMissing` when the pack has no text part.
    public func activations(
        of prompt: Prompt, sharing: EngineSharing = .exclusive, progress: @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> [Float] {
        try prompt.requireRanges()
        let pipeline = try opened()
        let embedding = try await embeddings(of: prompt, pipeline, sharing, progress).picture
        return try computing { try pipeline.networks.activations(of: embedding).floats() }
    }

    /// Where each request begins; a prompt that several have is embedded once.
    private func sources(
        of requests: [RenderRequest], _ pipeline: Pipeline, _ sharing: EngineSharing, _ progress: (WorkProgress) -> Void
    ) async throws -> [RenderSource] {
        var known: [Prompt: (picture: Tensor, negative: Tensor?)] = [:]
        var sources: [RenderSource] = []
        for request in requests {
            switch request.origin {
            case .picture(let id): sources.append(RenderSource(try analysis(id)))
            case .prompt(let prompt):
                if known[prompt] == nil {
                    progress(WorkProgress(.embedding, step: 0, count: prompt.steps))
                    known[prompt] = try await embeddings(of: prompt, pipeline, sharing, progress)
                }
                guard let embeddings = known[prompt] else { continue }
                var size = pipeline.pictureSize
                if case .pixels(let width, let height) = request.size { size = (width, height) }
                sources.append(
                    RenderSource(
                        embedding: embeddings.picture, negative: embeddings.negative,
                        size: try pipeline.workingSize(width: size.width, height: size.height)))
            }
        }
        return sources
    }
}

extension Picture {
    /// At the size that was asked for.
    fileprivate func sized(_ size: RenderRequest.Size, for source: RenderSource) throws -> Picture {
        let (width, height) =
            switch size {
            case .model: (self.width, self.height)
            case .original: (source.analysis?.originalWidth ?? self.width, source.analysis?.originalHeight ?? self.height)
            case .pixels(let width, let height): (width, height)
            }
        return width == self.width && height == self.height ? self : try resized(width: width, height: height)
    }
}
