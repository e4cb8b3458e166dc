import Diffusion
import Networks
import Tensors

/// How sampling begins at a picture.
public enum Inversion: String, Sendable, Hashable, Codable, CaseIterable {
    /// DDIM's inverse as diffusers has it: sampling comes back to the picture nearly.
    case plain
    /// Along a path that is remembered, so that sampling without edits comes back to the picture exactly; see `InversionPath`.
    case exact
}

/// The ways from a picture, or from several together, to noise, computed as far as they were asked for.
///
/// Drafts and full pictures share one way where the steps of one are among those of the other, as they are for 5 and 20.
final class PictureInversion {
    fileprivate let embedding: Tensor
    private let latents: Tensor
    private var paths: [InversionPath] = []
    private var guided: [(path: ObjectIdentifier, steps: Int, guidance: Double, noise: [Tensor])] = []

    /// How many paths, and how many sets of guided predictions, are held at a time.
    private static let capacity = 4

    /// - Parameters:
    ///   - embedding: each picture's own, `[pictures, width]`.
    ///   - latents: `[pictures, channels, height, width]`.
    init(embedding: Tensor, latents: Tensor) {
        self.embedding = embedding
        self.latents = latents
    }

    /// What sampling along the pictures' own path needs, and then that sampling.
    /// - Parameter isDraft: whether a path of sampling's own few steps will do where the whole one is not there yet.
    func retracing(steps: Int, guidance: Double, isDraft: Bool = false, _ model: any NoiseModel) throws -> Retracing {
        let ddim = try DDIM(model.schedule, steps: steps)
        return try Retracing(
            self, path(for: ddim, inversionSteps: model.inversionSteps, isDraft: isDraft), ddim, guidance: guidance, model)
    }

    /// Computes the next place of the path for a number of sampling steps.
    /// - Returns: whether more are missing.
    func advance(steps: Int, _ model: any NoiseModel) throws -> Bool {
        let path = try path(for: DDIM(model.schedule, steps: steps), inversionSteps: model.inversionSteps)
        guard path.missingCount > 0 else { return false }
        let predict = try model.noisePredictor(for: embedding, guidance: 1, negative: nil, "The inverted latents")
        try path.advance { try predict($0.finite("The inverted latents"), $1) }
        return path.missingCount > 0
    }

    /// A path, and about how many places it has for sampling of these steps.
    private func path(for ddim: DDIM, inversionSteps: Int, isDraft: Bool) throws -> (InversionPath, inversionSteps: Int) {
        if isDraft, try !paths.contains(where: { try $0.covers(ddim, inversionSteps: inversionSteps) }) {
            return (try path(for: ddim, inversionSteps: ddim.steps), ddim.steps)
        }
        return (try path(for: ddim, inversionSteps: inversionSteps), inversionSteps)
    }

    private func path(for ddim: DDIM, inversionSteps: Int) throws -> InversionPath {
        if let found = try paths.first(where: { try $0.extend(for: ddim, inversionSteps: inversionSteps) }) { return found }
        let path = try InversionPath(latents, for: ddim, inversionSteps: inversionSteps)
        paths.append(path)
        if paths.count > Self.capacity {
            let oldest = ObjectIdentifier(paths.removeFirst())
            guided.removeAll { $0.path == oldest }
        }
        return path
    }

    fileprivate func guidedNoise(on path: InversionPath, steps: Int, guidance: Double) -> [Tensor]? {
        guided.first { $0.path == ObjectIdentifier(path) && $0.steps == steps && $0.guidance == guidance }?.noise
    }

    fileprivate func keep(_ noise: [Tensor], on path: InversionPath, steps: Int, guidance: Double) {
        guard paths.contains(where: { $0 === path }), guidedNoise(on: path, steps: steps, guidance: guidance) == nil else { return }
        guided.append((ObjectIdentifier(path), steps, guidance, noise))
        if guided.count > Self.capacity { guided.removeFirst() }
    }
}

/// The predictions that sampling along a picture's own path still lacks: on the path, and under guidance once more at the places of sampling.
///
/// What others compute on the same path meanwhile serves this one too.
final class Retracing: SteppedWork {
    private let inversion: PictureInversion
    private let path: InversionPath
    private let inversionSteps: Int
    private let ddim: DDIM
    private let guidance: Double
    private let model: any NoiseModel
    /// Under guidance, what the model predicts at the places of sampling, highest first, as far as it is computed.
    private var noise: [Tensor] = []
    private var predictNoise: (guidance: Double, predict: NoisePredictor)?
    private var count = 0

    fileprivate init(
        _ inversion: PictureInversion, _ path: (path: InversionPath, inversionSteps: Int), _ ddim: DDIM, guidance: Double,
        _ model: any NoiseModel
    ) throws {
        self.inversion = inversion
        (self.path, inversionSteps) = path
        self.ddim = ddim
        self.guidance = guidance
        self.model = model
        count = try missingCount()
    }

    private var isGuided: Bool { guidance != 1 }

    private func missingCount() throws -> Int {
        if noise.isEmpty, isGuided, let known = inversion.guidedNoise(on: path, steps: ddim.steps, guidance: guidance) { noise = known }
        return try path.missingCount(for: ddim, inversionSteps: inversionSteps) + (isGuided ? ddim.steps - noise.count : 0)
    }

    func advance() throws -> WorkProgress? {
        guard try missingCount() > 0 else { return nil }
        if try path.missingCount(for: ddim, inversionSteps: inversionSteps) > 0 {
            let predict = try predictor(guidance: 1)
            try path.advance { try predict($0.finite("The inverted latents"), $1) }
        } else {
            let place = try ddim.latents(on: path)[noise.count]
            noise.append(try predictor(guidance: guidance)(place.latents, place.timestep))
            if noise.count == ddim.steps { inversion.keep(noise, on: path, steps: ddim.steps, guidance: guidance) }
        }
        return WorkProgress(.inverting, step: count - (try missingCount()), count: count)
    }

    private func predictor(guidance: Double) throws -> NoisePredictor {
        if let predictNoise, predictNoise.guidance == guidance { return predictNoise.predict }
        let predict = try model.noisePredictor(for: inversion.embedding, guidance: guidance, negative: nil, "The inverted latents")
        predictNoise = (guidance, predict)
        return predict
    }

    /// Sampling with other embeddings `[batch, width]`, once every step is done.
    /// - Parameter rows: which of the pictures each embedding is for (int64); nil when each is for its own.
    func trajectory(_ edited: Tensor, rows: Tensor? = nil) throws -> Trajectory {
        let predict = try model.noisePredictor(for: edited, guidance: guidance, negative: nil, nil)
        return try ddim.retracing(path, noise: isGuided ? noise : nil, rows: rows, with: predict)
    }
}
