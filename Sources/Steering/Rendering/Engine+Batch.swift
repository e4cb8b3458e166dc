import Networks
import Pictures
import Tensors

extension Engine {
    /// How many pictures of a size, in pixels, are best made at once: more of small ones, whose operations are short.
    public static func batchSize(width: Int, height: Int) -> Int {
        let pixels = 512 * 1024
        return max(1, min(capacity, pixels / max(1, width * height)))
    }

    /// Makes several pictures at once, which takes less time than one by one where pictures are small.
    /// - Parameter requests: all with the same sampling, of pictures on which the model works at one size.
    /// - Throws: `SteeringError.mismatch` when samplings or sizes differ.
    public func render(_ requests: [RenderRequest], progress: @Sendable (WorkProgress) -> Void = { _ in }) throws -> [Picture] {
        guard let sampling = requests.first?.sampling else { return [] }
        return try working { pipeline in
            let analyses = try requests.map { try analysis($0.analysis) }
            let sizes = Set(analyses.map { [$0.picture.width, $0.picture.height] })
            guard requests.allSatisfy({ $0.sampling == sampling }), sizes.count == 1 else {
                throw SteeringError.mismatch("Only pictures of one size, with the same steps, guidance and start, are made together.")
            }
            let embeddings = try zip(analyses, requests).map { try $0.embedding($1.changes, pipeline) }
            try pipeline.prepareSampling(isGuided: sampling.guidance != 1, progress)
            let trajectory = try pipeline.trajectory(Tensor.concatenated(embeddings, dimension: 0), of: analyses, sampling, progress)
            let latents = try pipeline.finished(trajectory) { step in
                try Task.checkCancellation()
                progress(WorkProgress(.rendering, step: step.index + 1, count: step.count))
            }
            let pictures = try pipeline.decoded(latents).split(requests.count, dimension: 0).map { try Picture(unit: $0) }
            return try pictures.indices.map { try requests[$0].restoresSize ? analyses[$0].restored(pictures[$0]) : pictures[$0] }
        }
    }
}
