import Networks
import Tensors

extension MoVQ {
    /// How strongly pixels answer to each direction of a latent cell: the mean of `JᵀJ` over the cells of some latents, where `J` is the
    /// derivative of decoding, divided by the mean of its diagonal.
    ///
    /// All cells of a channel are moved at once, by normal noise that is the same in every channel: what different cells do to the pixels then
    /// cancels out on average (Hutchinson, "A stochastic estimator of the trace of the influence matrix", 1989).
    /// - Parameter latents: `[count, channels, height, width]`.
    /// - Returns: `[channels, channels]`.
    func pixelSensitivity(at latents: Tensor, _ random: Generator) throws -> Tensor {
        let channels = latents.size(1)
        let total = try (0..<latents.size(0)).reduce(Tensor.zeros([channels, channels], device: .ambient)) { total, place in
            let answers = try answers(of: latents.narrowed(0, from: place, length: 1), random)
            return try total + answers.matmul(answers.transposed())
        }
        let trace = try (total * Tensor.identity(channels, device: .ambient)).sum().item()
        return try total * (Double(channels) / trace)
    }

    /// How the pixels of one picture change with each channel of its latents: `[channels, pixels]`.
    private func answers(of latents: Tensor, _ random: Generator) throws -> Tensor {
        let before = try decode(latents)
        let move = try random.normal([1, 1] + latents.shape.dropFirst(2)) * Self.step
        let channels = try Tensor.identity(latents.size(1), device: .ambient).split(latents.size(1), dimension: 0)
        return try Tensor.concatenated(
            channels.map { try (decode(latents + move * $0.reshaped([1, -1, 1, 1])) - before).reshaped([1, -1]) }, dimension: 0)
    }

    /// Small beside the deviation of latents, 1, and large beside the rounding of decoding.
    private static var step: Double { 0.1 }
}
