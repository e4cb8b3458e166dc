import Diffusion
import Networks
import Tensors

/// Where a render begins: a picture, or what a prompt was embedded as.
struct RenderSource {
    /// `[1, width]`.
    let embedding: Tensor
    /// The embedding that guidance leads away from, `[1, width]`; nil means the unconditional one.
    let negative: Tensor?
    /// At which the model works.
    let size: WorkingSize
    /// Nil for a prompt.
    let analysis: Analysis?

    init(_ analysis: Analysis) {
        embedding = analysis.embedding
        negative = nil
        size = WorkingSize(of: analysis.picture)
        self.analysis = analysis
    }

    init(embedding: Tensor, negative: Tensor?, size: WorkingSize) {
        self.embedding = embedding
        self.negative = negative
        self.size = size
        analysis = nil
    }
}

extension Pipeline {
    /// The source's embedding `[1, width]` after the stack's edits.
    /// - Throws: `SteeringError.featureOutOfRange`; what moving the embedding throws.
    func edited(_ source: RenderSource, by stack: EditStack) throws -> Tensor {
        if stack.isEmpty { return source.embedding }
        try stack.requireFeatures(count: autoencoder.count)
        let activations = try source.analysis?.activations ?? networks.activations(of: source.embedding).floats()
        return try moved(source.embedding, by: stack.changes { activations[$0] })
    }

    /// The steps of sampling from noise, one for each source.
    func denoising(
        from start: [Tensor], _ embeddings: Tensor, _ sources: [RenderSource], _ sampling: Sampling
    ) throws -> Trajectory {
        var negative: Tensor?
        if sampling.guidance != 1, sources.contains(where: { $0.negative != nil }) {
            negative = try Tensor.concatenated(sources.map { try $0.negative ?? unconditionalEmbedding() }, dimension: 0)
        }
        return try denoising(
            Tensor.concatenated(start, dimension: 0), embeddings: embeddings, negative: negative, steps: sampling.steps,
            guidance: sampling.guidance)
    }

    /// The ways to noise of all pictures together, and which of them each analysis has; a single picture's are those that it keeps.
    func exactInversion(of analyses: [Analysis]) throws -> (PictureInversion, rows: Tensor?) {
        var different: [Analysis] = []
        let rows = analyses.map { analysis in
            if let known = different.firstIndex(where: { $0 === analysis }) { return Int64(known) }
            different.append(analysis)
            return Int64(different.count - 1)
        }
        if analyses.count == 1 { return (try analyses[0].exactInversion(self), nil) }
        let selection = try Tensor(rows, shape: [rows.count]).to(device: device)
        if different.count == 1 { return (try different[0].exactInversion(self), selection) }
        let embeddings = try Tensor.concatenated(different.map(\.embedding), dimension: 0)
        let latents = try Tensor.concatenated(different.map { try $0.latents(self) }, dimension: 0)
        return (PictureInversion(embedding: embeddings, latents: latents), selection)
    }
}

extension Pipeline {
    /// `e + Σ cᵢ dᵢ + Σ aⱼ vⱼ`: the embedding `[1, width]` moved along features and directions.
    /// - Throws: `SteeringError.directionOfAnotherWidth`, or `NetworkError` for a feature that is not there.
    func moved(_ embedding: Tensor, by changes: [Change]) throws -> Tensor {
        let features = changes.compactMap { change in change.feature.map { (feature: $0, amount: change.amount) } }
        return try changes.reduce(autoencoder.moved(embedding, by: features)) { moved, change in
            guard let direction = change.target.direction else { return moved }
            guard direction.vector.count == autoencoder.width else {
                throw SteeringError.directionOfAnotherWidth(
                    direction.name, found: direction.vector.count, expected: autoencoder.width)
            }
            guard change.amount.isFinite else { throw SteeringError.notFinite(what: "The amount of \"\(direction.name)\"") }
            let vector = try Tensor(direction.vector, shape: [1, direction.vector.count]).to(device: device)
            return try moved + vector * Double(change.amount)
        }
    }
}

extension Engine {
    /// The steps of sampling with edited embeddings `[batch, width]`, each for the source at its place; pictures are inverted first.
    /// - Parameters:
    ///   - sources: of one size; the same picture may stand at several places.
    ///   - isDraft: whether an inversion of few steps will do.
    func trajectory(
        _ embeddings: Tensor, from sources: [RenderSource], _ sampling: Sampling, isDraft: Bool, _ pipeline: Pipeline,
        _ sharing: EngineSharing, _ progress: (WorkProgress) -> Void
    ) async throws -> Trajectory {
        switch (sampling.start, sampling.inversion) {
        case (.inversion, .exact):
            let (inversion, rows) = try computing { try pipeline.exactInversion(of: sources.compactMap(\.analysis)) }
            let retracing = try computing {
                try inversion.retracing(steps: sampling.steps, guidance: sampling.guidance, isDraft: isDraft, pipeline)
            }
            try await finish(retracing, sharing, progress)
            return try computing { try retracing.trajectory(embeddings, rows: rows) }
        case (.inversion, .plain):
            var noise: [Tensor] = []
            for analysis in sources.compactMap(\.analysis) {
                let inversion = try computing { try analysis.plainInversion(pipeline, pipeline) }
                try await finish(inversion, sharing, progress)
                noise.append(try inversion.result())
            }
            return try computing { try pipeline.denoising(from: noise, embeddings, sources, sampling) }
        case (.noise(let seed), _):
            return try computing {
                let noise = try sources.map { try pipeline.noise(seed: seed, height: $0.size.height, width: $0.size.width) }
                return try pipeline.denoising(from: noise, embeddings, sources, sampling)
            }
        }
    }
}
