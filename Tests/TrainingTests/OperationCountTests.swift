import Foundation
import Networks
import Tensors
import Testing

@testable import Training

@Suite("Operations of a training step", .serialized) struct OperationCountTests {
    init() throws { try Libtorch.setThreads(1) }

    /// The first step is another than those after it, for instance because gradients have not been allocated.
    private func counts(_ trainer: any Trainer, in folder: URL) throws -> (
        step: Libtorch.OperationCounts, network: Libtorch.OperationCounts
    ) {
        let run = try TrainingRun(trainer, TrainingOptions(folder: folder, length: .steps(1_000_000), batch: 2, learningRate: 1e-4))
        try run.advance()
        let step = try Libtorch.countingOperations { try run.advance() }
        let network = try Libtorch.countingOperations { try trainer.loss(step: 0, progress: 0).backward() }
        return (step, network)
    }

    @Test("The decoder's parameters are updated by few operations, though there are hundreds of them") func decoder() throws {
        try withTemporaryFolder { folder in
            let random = try Generator(seed: 1)
            let scenes = try EncodedScenes(
                latents: random.normal([4, 12, 16, 16]), embeddings: random.normal([4, 128]), zero: random.normal([1, 128]),
                coverage: random.uniform([4, 256]))
            let trainer = try DecoderTrainer(
                DecoderTrainer.Settings(), scenes: scenes, heldOut: scenes, sensitivity: Tensor.identity(12), batch: 2, seed: 1)
            let found = try counts(trainer, in: folder)
            #expect(trainer.parameters.count > 250)
            #expect(found.step.outer - found.network.outer < 722)
            #expect(found.step.all - found.network.all < 2475)
        }
    }

    @Test("Counting sees operations within operations, and those of backward") func counting() throws {
        let x = try Tensor.ones([2, 2])
        try x.requireGradient()
        let one = try Libtorch.countingOperations { _ = try x.silu() }
        #expect(one.outer == 1 && one.all >= 1)
        let both = try Libtorch.countingOperations { try x.silu().sum().backward() }
        #expect(both.outer > 3)
        #expect(try Libtorch.countingOperations {} == .init(all: 0, outer: 0))
        #expect(throws: TensorError.self) { try Libtorch.countingOperations { _ = try x.matmul(Tensor.ones([3, 3])) } }
        #expect(try Libtorch.countingOperations { _ = try x.silu() } == one)
    }
}
