import Foundation
import Networks
import Pictures
import Tensors

extension Engine {
    /// Everything that an editing session needs to know of a picture, as numbers.
    /// - Parameters:
    ///   - count: how many of the strongest features to list.
    ///   - icons: whether to show what each listed feature does.
    ///   - tensors: where to write every intermediate, in the names that the reference uses.
    ///   - picture: the picture.
    ///   - invertSteps: the number of steps of its inversion.
    ///   - sharing: which other calls compute between two steps.
    ///   - progress: called with how far it is.
    public func preprocess(
        _ picture: Picture, features count: Int, icons: Bool = false, invertSteps: Int, tensors: URL? = nil,
        sharing: EngineSharing = .exclusive, progress: @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> Preprocessed {
        try Ranges.steps.require(invertSteps)
        let pipeline = try opened()
        let (fitted, pixelValues, embedding, activations) = try computing {
            try pipeline.prepareEmbedding(progress)
            let pixelValues = try pipeline.pixelValues(picture)
            let embedding = try pipeline.embedding(ofPixelValues: pixelValues)
            return (try pipeline.fitted(picture), pixelValues, embedding, try pipeline.networks.activations(of: embedding))
        }
        let (latents, unconditional, inversion) = try computing {
            let latents = try pipeline.latents(of: fitted)
            let unconditional = try tensors == nil ? nil : pipeline.unconditionalEmbedding()
            try pipeline.prepareSampling(isGuided: false, progress)
            return (latents, unconditional, try pipeline.inverting(latents, embedding: embedding, steps: invertSteps))
        }
        let inverted = try await finish(inversion, sharing, naming: "The inverted latents") { step in
            progress(WorkProgress(.inverting, step: step.index + 1, count: step.count))
        }
        if let tensors, let unconditional {
            try computing {
                try write(
                    [
                        ("image_embeds", embedding), ("zero_embeds", unconditional), ("clip.pixel_values", pixelValues),
                        ("sae.features", activations),
                        ("sae.reconstruction", try pipeline.networks.reconstruction(of: activations.floats(), embedding)),
                        ("movq.latents", latents), ("movq.reconstruction", try pipeline.signed(latents)), ("inv_latents", inverted),
                    ], to: tensors)
            }
        }
        let strongest = try computing {
            let top = try activations.top(min(count, pipeline.autoencoder.count))
            return Array(zip(try top.indices.integers(), try top.values.floats()))
        }
        let strips = icons ? try await iconAddresses(of: strongest.map(\.0), fallback: picture, pipeline, sharing, progress) : []
        return try computing {
            Preprocessed(
                embeddings: [try embedding.floats()], latents: [try planes(inverted)],
                features: strongest.enumerated().map { place, feature in
                    Preprocessed.FeatureValue(idx: feature.0, activation: feature.1, icon: icons ? strips[place] : [])
                }, height: fitted.height, width: fitted.width)
        }
    }

    /// Makes a picture from numbers, with some features' activations set.
    /// - Parameters:
    ///   - request: embedding, inverted latents, and the activations.
    ///   - steps: of sampling.
    ///   - guidance: how far the unconditional embedding is moved away from; 1 for not at all.
    ///   - tensors: a safetensors file for what is computed on the way.
    ///   - sharing: which other calls compute between two steps.
    ///   - progress: called with how far it is.
    public func generate(
        _ request: GenerateRequest, steps: Int, guidance: Double, tensors: URL? = nil, sharing: EngineSharing = .exclusive,
        progress: @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> Picture {
        try Sampling(steps: steps, guidance: guidance).requireRanges()
        let pipeline = try opened()
        let (embedding, start) = try computing {
            let embedding = try edited(request, pipeline)
            try pipeline.prepareSampling(isGuided: guidance != 1, progress)
            return (embedding, try startingLatents(request, pipeline))
        }
        let latents = try await sampled(pipeline, sharing) { _ in
            try computing { try pipeline.denoising(start, embeddings: embedding, steps: steps, guidance: guidance) }
        } _: { step in
            progress(WorkProgress(.rendering, step: step.index + 1, count: step.count))
        }
        return try computing {
            let image = try pipeline.decoded(latents)
            if let tensors { try write([("embeds", embedding), ("image", image)], to: tensors) }
            return try Picture(unit: image)
        }
    }

    /// `e + Σ (vᵢ − fᵢ)·dᵢ` with f encoded from the request's own embedding.
    private func edited(_ request: GenerateRequest, _ pipeline: Pipeline) throws -> Tensor {
        let autoencoder = pipeline.autoencoder
        guard request.embeddings[0].count == autoencoder.width else {
            throw SteeringError.unfitRequest(
                file: request.name,
                reason: "its embedding has \(request.embeddings[0].count) numbers where the pack's have \(autoencoder.width).")
        }
        let embedding = try Tensor(request.embeddings[0], shape: [1, autoencoder.width]).to(device: pipeline.device)
        let activations = try pipeline.networks.activations(of: embedding).floats()
        var stack = EditStack()
        for (feature, value) in zip(request.features, request.values) {
            guard activations.indices.contains(feature) else {
                throw SteeringError.unfitRequest(
                    file: request.name, reason: "it sets feature \(feature) where the pack has features 0 to \(activations.count - 1).")
            }
            stack.set(feature: feature, to: value)
        }
        return try pipeline.moved(embedding, by: stack.changes { activations[$0] })
    }

    private func startingLatents(_ request: GenerateRequest, _ pipeline: Pipeline) throws -> Tensor {
        let configuration = pipeline.movqConfiguration
        let f = configuration.downscaling
        let planes = request.latents[0]
        let shape = [1, planes.count, planes[0].count, planes[0][0].count]
        let (height, width) = (request.height ?? shape[2] * f, request.width ?? shape[3] * f)
        guard shape == [1, configuration.latentChannels, height / f, width / f], height % f == 0, width % f == 0 else {
            throw SteeringError.unfitRequest(
                file: request.name, reason: "its latents are \(shape) for a picture of \(width) × \(height) pixels.")
        }
        return try Tensor(planes.flatMap { $0.flatMap { $0 } }, shape: shape).to(device: pipeline.device)
    }

    private func planes(_ tensor: Tensor) throws -> [[[Float]]] {
        let values = try tensor.floats()
        let (height, width) = (tensor.size(2), tensor.size(3))
        return (0..<tensor.size(1)).map { channel in
            (0..<height).map { row in
                let start = (channel * height + row) * width
                return Array(values[start..<start + width])
            }
        }
    }

    private func write(_ tensors: [(String, Tensor)], to url: URL) throws {
        try SafetensorsWriter.write(tensors.map { (name: $0.0, tensor: try $0.1.to(.float32, device: .cpu).contiguous()) }, to: url)
    }
}
