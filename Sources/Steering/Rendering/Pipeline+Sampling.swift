import Networks
import Tensors

extension Pipeline {
    /// The steps of sampling with edited embeddings `[batch, width]`, each for the analysis at its place.
    /// - Parameter analyses: of pictures of one size; the same may stand at several places.
    func trajectory(
        _ embeddings: Tensor, of analyses: [Analysis], _ sampling: Sampling, _ progress: (WorkProgress) -> Void
    ) throws -> Trajectory {
        switch (sampling.start, sampling.inversion) {
        case (.inversion, .exact):
            let (inversion, rows) = try exactInversion(of: analyses)
            return try inversion.retracing(
                embeddings, rows: rows, steps: sampling.steps, guidance: sampling.guidance, self, progress)
        case (.inversion, .plain):
            let start = try analyses.map { try $0.inverted(self, steps: pack.description.invertSteps ?? 40, progress) }
            return try denoising(start, embeddings, sampling)
        case (.noise(let seed), _):
            let start = try analyses.map { try noise(seed: seed, height: $0.picture.height, width: $0.picture.width) }
            return try denoising(start, embeddings, sampling)
        }
    }

    private func denoising(_ start: [Tensor], _ embeddings: Tensor, _ sampling: Sampling) throws -> Trajectory {
        let predict = try noisePredictor(for: embeddings, guidance: sampling.guidance)
        return try DDIM(schedule, steps: sampling.steps).denoising(Tensor.concatenated(start, dimension: 0), with: predict)
    }

    /// The ways to noise of all pictures together, and which of them each analysis has; a single picture's are those that it keeps.
    private func exactInversion(of analyses: [Analysis]) throws -> (PictureInversion, rows: Tensor?) {
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
