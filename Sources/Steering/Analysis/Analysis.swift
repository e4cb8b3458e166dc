import Diffusion
import Networks
import Pictures
import Tensors

/// Predicts the noise in latents at each level of its schedule: what sampling and inversion take.
protocol NoiseModel: AnyObject {
    var schedule: NoiseSchedule { get }
    /// How many steps an inversion has, or about how many where it follows sampling's.
    var inversionSteps: Int { get }
    /// - Parameters:
    ///   - embedding: `[batch, width]`, one for each of the latents.
    ///   - guidance: 1 means none.
    ///   - negative: the embeddings that guidance leads away from, `[1 or batch, width]`; nil means the unconditional one.
    ///   - what: what the noise leads to, as the beginning of a sentence; nil where whoever asks makes sure that it is finite.
    func noisePredictor(for embedding: Tensor, guidance: Double, negative: Tensor?, _ what: String?) throws -> NoisePredictor
}

/// Makes latents of pictures.
protocol PictureEncoder: AnyObject {
    /// `[1, channels, height / f, width / f]`.
    func latents(of picture: Picture) throws -> Tensor
}

/// A picture as the engine holds it: its embedding, its features, and, once they are needed, its latents and its ways to noise.
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
    fileprivate var noise: (steps: Int, latents: Tensor)?
    private var inversion: PictureInversion?

    /// - Parameters:
    ///   - fitted: `original` at the size at which the model works.
    ///   - embedding: `[1, width]`.
    init(_ fitted: Picture, of original: Picture, embedding: Tensor, activations: [Float], reconstruction: Reconstruction) {
        picture = fitted
        (originalWidth, originalHeight) = (original.width, original.height)
        self.embedding = embedding
        self.activations = activations
        self.reconstruction = reconstruction
    }

    func latents(_ encoder: any PictureEncoder) throws -> Tensor {
        if let encoded { return encoded }
        let latents = try encoder.latents(of: picture)
        encoded = latents
        return latents
    }

    /// The way to the noise that the picture inverts to as diffusers has it; no step is left when it was gone before.
    func plainInversion(_ model: any NoiseModel, _ encoder: any PictureEncoder) throws -> PlainInversion {
        try PlainInversion(self, model, encoder)
    }

    /// The ways to noise along which sampling comes back exactly; none is computed yet when it is first asked for.
    func exactInversion(_ encoder: any PictureEncoder) throws -> PictureInversion {
        if let inversion { return inversion }
        let made = PictureInversion(embedding: embedding, latents: try latents(encoder))
        inversion = made
        return made
    }
}

/// A picture's inversion as diffusers has it, whose result stays with the picture.
final class PlainInversion: SteppedWork {
    private let analysis: Analysis
    private let steps: Int
    /// Nil once the noise is known.
    private var trajectory: Trajectory?

    fileprivate init(_ analysis: Analysis, _ model: any NoiseModel, _ encoder: any PictureEncoder) throws {
        self.analysis = analysis
        steps = model.inversionSteps
        guard analysis.noise?.steps != steps else { return }
        trajectory = try model.inverting(analysis.latents(encoder), embedding: analysis.embedding, steps: steps)
    }

    func advance() throws -> WorkProgress? {
        guard let trajectory else { return nil }
        if let step = try trajectory.advance() { return WorkProgress(.inverting, step: step.index + 1, count: step.count) }
        analysis.noise = (steps, try trajectory.latents.finite("The inverted latents"))
        self.trajectory = nil
        return nil
    }

    /// The noise, once every step is done.
    func result() throws -> Tensor {
        guard let noise = analysis.noise else { throw SteeringError.notANumber(stage: "The inverted latents") }
        return noise.latents
    }
}

extension Pipeline {
    /// Embeds a picture and finds its features.
    func analysed(_ picture: Picture) throws -> Analysis {
        let embedding = try embedding(ofPixelValues: pixelValues(picture))
        let activations = try networks.activations(of: embedding).floats()
        return Analysis(
            try fitted(picture), of: picture, embedding: embedding, activations: activations,
            reconstruction: try Reconstruction(networks.reconstruction(of: activations, embedding), activations, of: embedding))
    }

    /// Every active feature, strongest effect first.
    func features(of analysis: Analysis) throws -> [Feature] {
        let (activations, norms) = (analysis.activations, try autoencoder.norms.floats())
        return activations.indices.filter { activations[$0] > 0 }
            .map { index in
                let known = knownFeatures[index]
                return Feature(
                    index: index, activation: activations[index], norm: norms[index], label: known?.label, maximum: known?.maximum,
                    usual: known?.mean)
            }
            .sorted { ($0.effect, $1.index) > ($1.effect, $0.index) }
    }
}
