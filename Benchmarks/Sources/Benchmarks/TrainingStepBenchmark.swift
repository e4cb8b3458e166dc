import Foundation
import Networks
import Tensors
import Training

/// Counts the operations that one training step of each of the demo pack's networks dispatches: on a GPU each costs the host some microseconds, and a
/// step cannot take less than all of them.
struct TrainingStepBenchmark {
    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fader-benchmark-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        print("\nOperations dispatched per training step: all, those not called by another operation; and milliseconds, batches of 8")
        let scenes = try Self.scenes()
        let decoder = try DecoderTrainer(
            DecoderTrainer.Settings(), scenes: scenes, heldOut: scenes, sensitivity: Tensor.identity(12), batch: 8, seed: 1)
        try measure(decoder, in: folder)
    }

    /// Latents and embeddings by chance: what they are does not change what is dispatched.
    private static func scenes() throws -> EncodedScenes {
        let random = try Generator(seed: 1)
        return try EncodedScenes(
            latents: random.normal([16, 12, 16, 16]), embeddings: random.normal([16, 128]), zero: random.normal([1, 128]),
            coverage: random.uniform([16, 256]))
    }

    private func measure(_ trainer: any Trainer, in folder: URL) throws {
        let run = try TrainingRun(
            trainer,
            TrainingOptions(
                folder: folder.appendingPathComponent(trainer.name), length: .steps(1_000_000), batch: 8, learningRate: 1e-4))
        try run.advance()
        let counts = try Libtorch.countingOperations { try run.advance() }
        let start = ContinuousClock.now
        for _ in 0..<5 { try run.advance() }
        print(
            String(
                format: "%@: %d, %d; %.0f ms", trainer.name, counts.all, counts.outer, (ContinuousClock.now - start) / .milliseconds(1) / 5)
        )
    }
}
