import Foundation
import Networks
import Scenes
import Tensors
import Testing

@testable import Training

/// The losses of `steps` steps of a new run.
private func losses(_ trainer: any Trainer, steps: Int, learningRate: Double) throws -> [Double] {
    let optimiser = try AdamW(trainer.parameters.map(\.tensor))
    return try (0..<steps).map { step in
        let loss = try trainer.loss(step: step, progress: 0.9)
        try loss.backward()
        try optimiser.update(learningRate: learningRate)
        try trainer.finishStep(step)
        return try loss.item()
    }
}

/// Whether the mean of the last quarter is below `part` of the first loss.
private func falls(_ losses: [Double], to part: Double) -> Bool {
    let last = losses.suffix(losses.count / 4)
    return last.reduce(0, +) / Double(last.count) < part * losses[0]
}

@Suite("Every trainer learns", .serialized) struct TrainerTests {
    init() throws { try Libtorch.setThreads(1) }

    @Test("The autoencoder learns two scenes") func autoencoder() throws {
        let bank = try SceneBank(seed: 1, count: 2, side: 32)
        let sizes = MoVQConfiguration(
            channels: [32, 32], layersPerBlock: 1, latentChannels: 4, codebookSize: 8, attention: [false, false])
        let trainer = try AutoencoderTrainer(.init(network: sizes), bank: bank, heldOut: bank, batch: 2, seed: 1)
        let before = try #require(try Tensor.withoutGradients { try trainer.evaluate() }["psnr"])
        #expect(try falls(losses(trainer, steps: 40, learningRate: 3e-3), to: 0.6))
        let after = try #require(try Tensor.withoutGradients { try trainer.evaluate() }["psnr"])
        #expect(after > before + 3)
    }

    @Test("The image tower learns to read four scenes") func imageTower() throws {
        let bank = try SceneBank(seed: 1, count: 4, side: 32)
        let sizes = ImageTowerConfiguration(imageSize: 32, patchSize: 8, width: 32, hidden: 64, layers: 1, heads: 2, projection: 24)
        let trainer = try ImageTowerTrainer(.init(network: sizes), bank: bank, heldOut: bank, batch: 8, seed: 1)
        #expect(try falls(losses(trainer, steps: 60, learningRate: 1e-2), to: 0.5))
        let figures = try Tensor.withoutGradients { try trainer.evaluate() }
        #expect(Factor.allCases.allSatisfy { figures[$0.rawValue] == 1 })
        let tower = try Tensor.withoutGradients { try trainer.towerOfUnitDeviation() }
        #expect(tower.count == trainer.parameters.count - 2)
    }

    @Test("The decoder learns the noise in latents of four scenes") func decoder() throws {
        let random = try Generator(seed: 4)
        let scenes = EncodedScenes(
            latents: try random.normal([4, 2, 8, 8]), embeddings: try random.normal([4, 16]), zero: try random.normal([1, 16]))
        let sizes = UNetConfiguration(
            channels: [16, 32], layersPerBlock: 1, inputChannels: 2, outputChannels: 4, headWidth: 16, tokenWidth: 16, embeddingWidth: 16,
            groups: 8, sampleSize: 8)
        let trainer = try DecoderTrainer(.init(network: sizes), scenes: scenes, heldOut: scenes, batch: 16, seed: 1)
        #expect(try falls(losses(trainer, steps: 80, learningRate: 4e-3), to: 0.6))
    }

    @Test("The sparse autoencoder finds the directions that embeddings are made of") func sparse() throws {
        let random = try Generator(seed: 2)
        let (width, planted) = (24, 12)
        let directions = try Tensor.withoutGradients {
            let drawn = try random.normal([planted, width])
            return try drawn / drawn.norm([1], keep: true)
        }
        let isPresent = try random.uniform([4096, planted]).isGreater(than: 0.85).to(.float32)
        let embeddings = try (isPresent * (random.uniform([4096, planted]) * 2 + 3)).matmul(directions)
        let trainer = try SparseTrainer(
            .init(count: 32, sparsity: 0.5, revivalInterval: 50, revivalPart: 1), embeddings: embeddings, heldOut: embeddings, batch: 256,
            seed: 1)
        _ = try losses(trainer, steps: 800, learningRate: 5e-3)
        let figures = try Tensor.withoutGradients { try trainer.evaluate() }
        #expect(try #require(figures["explained"]) > 0.9)
        let decoder = try #require(trainer.parameters.first { $0.name == "decoder.weight" }).tensor.detached()
        let cosines = try directions.matmul(decoder / decoder.norm([0], keep: true)).largest([1]).floats()
        #expect(cosines.filter { $0 > 0.95 }.count >= 11, "\(cosines)")
    }

    @Test("Dead features come back to life") func revival() throws {
        let random = try Generator(seed: 2)
        let embeddings = try random.normal([512, 8]) + 1
        let trainer = try SparseTrainer(
            .init(count: 16, sparsity: 0.1, revivalInterval: 1, revivalPart: 1), embeddings: embeddings, heldOut: embeddings, batch: 32,
            seed: 1)
        let bias = try #require(trainer.parameters.first { $0.name == "enc_bias" }).tensor
        try bias.assign(Tensor.full([16], -100))
        #expect(try trainer.evaluate()["dead"] == 1)
        try trainer.finishStep(0)
        #expect(try #require(try trainer.evaluate()["dead"]) < 0.2)
    }
}
