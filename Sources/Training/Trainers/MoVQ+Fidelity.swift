import Networks
import Tensors

extension MoVQ {
    /// The peak signal-to-noise ratio of a bank's pictures, encoded and decoded, in decibels.
    func fidelity(to bank: SceneBank) throws -> Double {
        var squaredError = 0.0
        let batches = try bank.batches(of: 8)
        for indices in batches {
            let pictures = try bank.pictures(indices)
            let decoded = try decode(encode(pictures)).clamped(-1, 1)
            squaredError += try (decoded - pictures).squared().mean().item() / 4
        }
        return decibels(squaredError / Double(batches.count))
    }
}
