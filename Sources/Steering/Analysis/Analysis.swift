import Pictures
import Tensors

/// A picture as the engine holds it: its embedding, its features, and, once they are needed, its latents and the noise they invert to.
final class Analysis {
    /// At the size at which the model works.
    let picture: Picture
    /// The size that the picture had, in pixels.
    let originalWidth, originalHeight: Int
    /// `[1, width]`.
    let embedding: Tensor
    /// Every feature's activation.
    let activations: [Float]
    let reconstruction: Reconstruction
    private var encoded: Tensor?
    private var noise: Tensor?
    private var inversion: PictureInversion?

    init(_ picture: Picture, with pipeline: Pipeline) throws {
        self.picture = try pipeline.fitted(picture)
        (originalWidth, originalHeight) = (picture.width, picture.height)
        embedding = try pipeline.embedding(ofPixelValues: pipeline.pixelValues(picture))
        let found = try pipeline.networks.activations(of: embedding)
        activations = try found.floats()
        reconstruction = try Reconstruction(pipeline.networks.reconstruction(of: found, embedding), found, of: embedding)
    }

    /// A result at the size that the picture had.
    func restored(_ result: Picture) throws -> Picture {
        if result.width == originalWidth && result.height == originalHeight { return result }
        return try result.resized(width: originalWidth, height: originalHeight)
    }

    func latents(_ pipeline: Pipeline) throws -> Tensor {
        if let encoded { return encoded }
        let latents = try pipeline.latents(of: picture)
        encoded = latents
        return latents
    }

    /// The noise that the picture inverts to as diffusers has it; inverted when it is first asked for.
    func inverted(_ pipeline: Pipeline, steps: Int, _ progress: (WorkProgress) -> Void) throws -> Tensor {
        if let noise { return noise }
        let inverted = try pipeline.inverted(latents(pipeline), embedding: embedding, steps: steps) { step in
            try Task.checkCancellation()
            progress(WorkProgress(.inverting, step: step.index + 1, count: step.count))
        }
        noise = inverted
        return inverted
    }

    /// The ways to noise along which sampling comes back exactly; none is computed yet when it is first asked for.
    func exactInversion(_ pipeline: Pipeline) throws -> PictureInversion {
        if let inversion { return inversion }
        let made = PictureInversion(embedding: embedding, latents: try latents(pipeline))
        inversion = made
        return made
    }

    /// The embedding with some features changed, `[1, width]`.
    func embedding(_ changes: [Change], _ pipeline: Pipeline) throws -> Tensor {
        try pipeline.moved(embedding, by: changes)
    }

    /// Every live feature, strongest effect first.
    func features(_ pipeline: Pipeline) throws -> [Feature] {
        let norms = try pipeline.autoencoder.norms.floats()
        return activations.indices.filter { activations[$0] > 0 }
            .map { index in
                let known = pipeline.knownFeatures[index]
                return Feature(
                    index: index, activation: activations[index], norm: norms[index], label: known?.label, maximum: known?.maximum)
            }
            .sorted { ($0.effect, $1.index) > ($1.effect, $0.index) }
    }
}
