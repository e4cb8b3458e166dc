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
    private let embedding: Tensor
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

    /// Sampling with other embeddings `[batch, width]`, along the pictures' own path.
    /// - Parameters:
    ///   - rows: which of the pictures each embedding is for (int64); nil when each is for its own.
    ///   - isDraft: whether a path of sampling's own few steps will do where the whole one is not there yet.
    ///   - progress: called with how many of the predictions that are still missing on the path are made.
    func retracing(
        _ edited: Tensor, rows: Tensor? = nil, steps: Int, guidance: Double, isDraft: Bool = false, _ model: any NoiseModel,
        _ progress: (WorkProgress) -> Void
    ) throws -> Trajectory {
        let ddim = try DDIM(model.schedule, steps: steps)
        let path = try path(for: ddim, inversionSteps: model.inversionSteps, isDraft: isDraft)
        let known = guided.first { $0.path == ObjectIdentifier(path) && $0.steps == steps && $0.guidance == guidance }?.noise
        let isGuided = guidance != 1
        let count = path.missingCount + (isGuided && known == nil ? steps : 0)
        var done = 0
        func advance() {
            done += 1
            progress(WorkProgress(.inverting, step: done, count: count))
        }
        try complete(path, model, advance)
        let predict = try model.noisePredictor(for: edited, guidance: guidance, negative: nil, nil)
        guard isGuided else { return try ddim.retracing(path, rows: rows, with: predict) }
        let noise = try known ?? guidedNoise(on: path, ddim, guidance: guidance, model, advance)
        return try ddim.retracing(path, noise: noise, rows: rows, with: predict)
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

    private func path(for ddim: DDIM, inversionSteps: Int, isDraft: Bool) throws -> InversionPath {
        guard isDraft else { return try path(for: ddim, inversionSteps: inversionSteps) }
        if let whole = try paths.first(where: { try $0.covers(ddim, inversionSteps: inversionSteps) }) { return whole }
        return try path(for: ddim, inversionSteps: ddim.steps)
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

    private func complete(_ path: InversionPath, _ model: any NoiseModel, _ advance: () -> Void) throws {
        guard path.missingCount > 0 else { return }
        let predict = try model.noisePredictor(for: embedding, guidance: 1, negative: nil, "The inverted latents")
        while path.missingCount > 0 {
            try Task.checkCancellation()
            try path.advance {
                try predict($0.finite("The inverted latents"), $1)
            }
            advance()
        }
    }

    private func guidedNoise(
        on path: InversionPath, _ ddim: DDIM, guidance: Double, _ model: any NoiseModel, _ advance: () -> Void
    ) throws -> [Tensor] {
        let predict = try model.noisePredictor(for: embedding, guidance: guidance, negative: nil, "The inverted latents")
        let noise = try ddim.latents(on: path).map { place in
            try Task.checkCancellation()
            let noise = try predict(place.latents, place.timestep)
            advance()
            return noise
        }
        guided.append((ObjectIdentifier(path), ddim.steps, guidance, noise))
        if guided.count > Self.capacity { guided.removeFirst() }
        return noise
    }
}
