import Foundation
import Networks
import Scenes
import Tensors
import Testing

@testable import Training

/// The losses of `steps` steps of a new run.
private func losses(_ trainer: any Trainer, steps: Int, learningRate: Double) throws -> [Double] {
    let optimiser = try Optimiser(trainer)
    return try (0..<steps).map { step in
        let loss = try trainer.loss(step: step, progress: 0.9)
        try loss.backward()
        try optimiser.prepare(step: step, learningRate: learningRate)
        _ = try optimiser.update(loss: loss.detached())
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

    @Test(
        "On a CUDA device the autoencoder starts like on the CPU, and learns",
        .enabled(if: Device.cudaCount > 0, "There is no CUDA device.")) func device() throws
    {
        let sizes = MoVQConfiguration(
            channels: [32, 32], layersPerBlock: 1, latentChannels: 4, codebookSize: 8, attention: [false, false])
        func figures() throws -> (before: Double, losses: [Double]) {
            let bank = try SceneBank(seed: 1, count: 2, side: 32)
            let trainer = try AutoencoderTrainer(.init(network: sizes), bank: bank, heldOut: bank, batch: 2, seed: 1)
            let before = try #require(try Tensor.withoutGradients { try trainer.evaluate() }["psnr"])
            return (before, try losses(trainer, steps: 40, learningRate: 3e-3))
        }
        let (host, device) = (try figures(), try Device.$ambient.withValue(.cuda(0)) { try figures() })
        #expect(abs(host.before - device.before) < 0.1)
        #expect(falls(device.losses, to: 0.6))
    }

    @Test("Refinement makes pictures better and leaves latents as they are") func refinement() throws {
        let bank = try SceneBank(seed: 1, count: 2, side: 32)
        let sizes = MoVQConfiguration(
            channels: [32, 32], layersPerBlock: 1, latentChannels: 4, codebookSize: 8, attention: [false, false])
        let first = try AutoencoderTrainer(.init(network: sizes), bank: bank, heldOut: bank, batch: 2, seed: 1)
        _ = try losses(first, steps: 20, learningRate: 3e-3)
        let before = try Tensor.withoutGradients {
            (quality: try first.network.fidelity(to: bank), latents: try first.network.encode(bank.pictures(bank.batches(of: 2)[0])))
        }
        let trainer = try RefinementTrainer(
            sizes, finished: first.parameters.map { ($0.name, try $0.tensor.detached()) }, bank: bank, heldOut: bank, batch: 2, seed: 1)
        #expect(try Tensor.withoutGradients { try trainer.evaluate() } == ["psnr": before.quality])
        _ = try losses(trainer, steps: 20, learningRate: 2e-3)
        try Tensor.withoutGradients {
            #expect(try #require(trainer.evaluate()["psnr"]) > before.quality + 1)
            let latents = try trainer.network.encode(bank.pictures(bank.batches(of: 2)[0]))
            #expect(try latents.floats() == before.latents.floats())
        }
    }

    @Test("A MoVQ that lacks a parameter is not refined") func incompleteRefinement() throws {
        let bank = try SceneBank(seed: 1, count: 1, side: 32)
        #expect(throws: TrainingError.self) { try RefinementTrainer(finished: [], bank: bank, heldOut: bank, batch: 1, seed: 1) }
    }

    @Test("CLIP's towers learn to read four scenes and to tell their captions apart") func clip() throws {
        try withTemporaryFolder { folder in
            try WorldTokenizer.shared.write(to: folder)
            let bank = try SceneBank(seed: 1, count: 4, side: 32)
            let text = TextTowerConfiguration.demo
            let sizes = ClipTrainer.Settings(
                image: .init(imageSize: 32, patchSize: 8, width: 32, hidden: 64, layers: 1, heads: 2, projection: 24),
                text: .init(
                    vocabulary: text.vocabulary, length: text.length, width: 32, hidden: 64, layers: 1, heads: 2, projection: 24,
                    pooling: text.pooling), contrast: 0.3)
            let trainer = try ClipTrainer(
                sizes, tokenizer: Tokenizer(contentsOf: folder), bank: bank, heldOut: bank, batch: 8, seed: 1)
            #expect(try falls(losses(trainer, steps: 150, learningRate: 5e-3), to: 0.5))
            let figures = try Tensor.withoutGradients { try trainer.evaluate() }
            #expect(Factor.allCases.allSatisfy { figures[$0.rawValue] == 1 })
            #expect(try #require(figures["retrieval"]) >= 0.75)
            let towers = try Tensor.withoutGradients { try trainer.towersOfUnitDeviation() }
            #expect(towers.count == trainer.parameters.count - 3)
        }
    }

    @Test("Sensitivity tells how much pixels change when latents move along a direction") func sensitivity() throws {
        let random = try Generator(seed: 6)
        let sizes = MoVQConfiguration(
            channels: [32, 32], layersPerBlock: 1, latentChannels: 4, codebookSize: 8, attention: [false, false])
        try Tensor.withoutGradients {
            let source = try FreshSource(seed: 2)
            let movq = try MoVQ(sizes, Weights(source))
            for (_, weight) in source.parameters where weight.shape.count == 4 && weight.size(1) == 4 {
                try weight.assign(weight * Tensor([4, 1, 1, 1] as [Float], shape: [1, 4, 1, 1]))
            }
            let latents = try random.normal([16, 4, 8, 8])
            let sensitivity = try movq.pixelSensitivity(at: latents, random)
            let before = try movq.decode(latents)
            func foretold(_ direction: [Float]) throws -> Double {
                let direction = try Tensor(direction, shape: [4, 1])
                return try direction.transposed().matmul(sensitivity).matmul(direction).sum().item()
            }
            func seen(_ direction: [Float]) throws -> Double {
                let move = try random.normal([16, 1, 8, 8]) * Tensor(direction, shape: [1, 4, 1, 1]) * 0.05
                return try (movq.decode(latents + move) - before).squared().mean().item()
            }
            let directions: [[Float]] = [[1, 0, 0, 0], [0, 0, 1, 0], [0.5, 0.5, -0.5, 0.5], [0.5, -0.5, 0.5, 0.5]]
            let (foretold, seen) = (try directions.map(foretold), try directions.map(seen))
            let ratios = zip(foretold, seen).map { $0 / $1 }
            #expect(ratios.allSatisfy { abs($0 / ratios[0] - 1) < 0.25 }, "\(foretold) \(seen)")
            #expect((foretold.max() ?? 0) > 4 * (foretold.min() ?? 0))
            let sum = try sensitivity.floats().enumerated().filter { $0.offset % 5 == 0 }.map(\.element).reduce(0, +)
            #expect(abs(sum - 4) < 1e-4)
        }
    }

    @Test("The decoder learns the noise in latents of four scenes") func decoder() throws {
        let random = try Generator(seed: 4)
        let scenes = EncodedScenes(
            latents: try random.normal([4, 2, 8, 8]), embeddings: try random.normal([4, 16]), zero: try random.normal([1, 16]),
            coverage: try random.uniform([4, 64]))
        let sizes = UNetConfiguration(
            channels: [16, 32], layersPerBlock: 1, inputChannels: 2, outputChannels: 4, headWidth: 16, tokenWidth: 16, embeddingWidth: 16,
            groups: 8, sampleSize: 8)
        let trainer = try DecoderTrainer(
            .init(network: sizes), scenes: scenes, heldOut: scenes, sensitivity: Tensor([2, 0.5, 0.5, 1], shape: [2, 2]), batch: 16, seed: 1
        )
        #expect(try falls(losses(trainer, steps: 80, learningRate: 4e-3), to: 0.6))
        let figures = try Tensor.withoutGradients { try trainer.evaluate() }
        #expect(figures.keys.sorted() == ["loss", "objects"] && figures.values.allSatisfy { $0 > 0 })
    }

    @Test("Raised embeddings have one of their features more, up to three times, as often as was asked for") func raises() throws {
        try withTemporaryFolder { folder in
            // A feature for each number.
            let file = folder.appendingPathComponent("sae.safetensors")
            let (matrix, bias) = try (Tensor.identity(12), Tensor.zeros([12]))
            try SafetensorsWriter.write(
                [("encoder.weight", matrix), ("enc_bias", bias), ("decoder.weight", matrix), ("dec_bias", bias)], to: file)
            let features = try SparseAutoencoder(trained: SafetensorsFile(contentsOf: file))
            let random = try Generator(seed: 3)
            let embeddings = try random.normal([200, 12])
            let raises = try DecoderTrainer.raises(features, of: embeddings, random, often: 0.5).floats()
            let numbers = try embeddings.floats()
            var raised = 0
            for row in 0..<200 {
                let moved = (0..<12).filter { raises[row * 12 + $0] != 0 }
                #expect(moved.count <= 1)
                for place in moved.map({ row * 12 + $0 }) {
                    #expect(numbers[place] > 0 && raises[place] > 0 && raises[place] <= 2 * numbers[place])
                }
                raised += moved.count
            }
            #expect((70...130).contains(raised))
            #expect(try DecoderTrainer.raises(features, of: embeddings, random, often: 0).floats().allSatisfy { $0 == 0 })
        }
    }

    @Test("Objects weigh the same in every scene, as much more than the rest as was asked for, and all cells together as before")
    func cellWeights() throws {
        // A scene whose object fills a quarter, one whose object fills an eighth of that, and one without any.
        let coverage: [Float] = [1, 1, 1, 1] + [Float](repeating: 0, count: 12) + [0.5] + [Float](repeating: 0, count: 31)
        let weights = try DecoderTrainer.cellWeights(Tensor(coverage, shape: [3, 16]), objectWeight: 4).floats()
        let rest = weights[15]
        #expect(weights[32...].allSatisfy { abs($0 / rest - 1) < 1e-5 })
        let (large, small) = (weights[0..<4].reduce(0) { $0 + $1 / rest - 1 }, weights[16] / rest - 1)
        #expect(abs(large - small) < 1e-4 && abs(large - 4 * 4.5 / 3) < 1e-4, "\(large) \(small)")
        #expect(abs(weights.reduce(0, +) / 48 - 1) < 1e-5)
        let plain = try DecoderTrainer.cellWeights(Tensor(coverage, shape: [3, 16]), objectWeight: 0).floats()
        #expect(plain.allSatisfy { $0 == 1 })
    }

    @Test("What objects cover of the latents is that of the scenes that were encoded") func coverage() throws {
        try withTemporaryFolder { folder in
            let scenes = (0..<3).map { Scene(seed: 5, index: $0) }
            let file = folder.appendingPathComponent("scenes.safetensors")
            try EncodedScenes(
                latents: Tensor.zeros([3, 2, 16, 16]), embeddings: Tensor.zeros([3, 4]), zero: Tensor.zeros([1, 4]),
                coverage: Tensor.zeros([3, 256])
            ).write(to: file)
            let read = try EncodedScenes(contentsOf: file, scenes: scenes)
            #expect(try read.coverage.floats() == scenes.flatMap { $0.coverage(cells: 16) })
        }
    }

    @Test(
        "The sparse autoencoder finds the directions that embeddings are made of",
        arguments: [SparseTrainer.Selection.perEmbedding(3), .perBatch(2)])
    func sparse(selection: SparseTrainer.Selection) throws {
        let random = try Generator(seed: 2)
        let (width, planted) = (24, 12)
        let directions = try Tensor.withoutGradients {
            let drawn = try random.normal([planted, width])
            return try drawn / drawn.norm([1], keep: true)
        }
        let isPresent = try random.uniform([4096, planted]).isGreater(than: 0.85).to(.float32)
        let embeddings = try (isPresent * (random.uniform([4096, planted]) * 2 + 3)).matmul(directions)
        let trainer = try SparseTrainer(
            .init(count: 32, selection: selection), embeddings: Embeddings(embeddings), heldOut: embeddings, batch: 256, seed: 1)
        _ = try losses(trainer, steps: 800, learningRate: 5e-3)
        let figures = try Tensor.withoutGradients { try trainer.evaluate() }
        #expect(try #require(figures["explained"]) > 0.9)
        let decoder = try #require(trainer.parameters.first { $0.name == "decoder.weight" }).tensor.detached()
        let cosines = try directions.matmul(decoder / decoder.norm([0], keep: true)).largest([1]).floats()
        #expect(cosines.filter { $0 > 0.95 }.count >= 11, "\(cosines)")
    }

    @Test("Features that are never kept learn what the others leave over") func revival() throws {
        let random = try Generator(seed: 2)
        let isPresent = try random.uniform([1024, 24]).isGreater(than: 0.85).to(.float32)
        let embeddings = try isPresent.matmul(random.normal([24, 24]))
        func dead(leftovers: Double) throws -> Double {
            let trainer = try SparseTrainer(
                .init(count: 32, selection: .perEmbedding(4), leftovers: leftovers, patience: 10), embeddings: Embeddings(embeddings),
                heldOut: embeddings, batch: 64, seed: 1)
            let bias = try #require(trainer.parameters.first { $0.name == "enc_bias" }).tensor
            // Half of the features are pushed below all others; the rest is too few for what the embeddings are made of.
            try bias.assign(Tensor.range(32).isGreater(than: 15).to(.float32) * -30)
            #expect(try #require(try trainer.evaluate()["dead"]) > 0.4)
            _ = try losses(trainer, steps: 600, learningRate: 3e-2)
            return try #require(try trainer.evaluate()["dead"])
        }
        let (with, without) = (try dead(leftovers: 1), try dead(leftovers: 0))
        #expect(with < without / 2, "\(with) \(without)")
    }

    @Test("A price on activations leaves fewer of them, and less explained") func price() throws {
        let random = try Generator(seed: 2)
        let embeddings = try random.uniform([1024, 24]).isGreater(than: 0.85).to(.float32).matmul(random.normal([24, 24]))
        func figures(price: Double) throws -> (active: Double, explained: Double) {
            let trainer = try SparseTrainer(
                .init(count: 32, selection: .perBatch(16), price: price), embeddings: Embeddings(embeddings), heldOut: embeddings,
                batch: 64,
                seed: 1)
            _ = try losses(trainer, steps: 300, learningRate: 1e-2)
            let figures = try trainer.evaluate()
            return (try #require(figures["active"]), try #require(figures["explained"]))
        }
        let (free, priced) = (try figures(price: 0), try figures(price: 2))
        #expect(priced.active < free.active - 1 && priced.explained < free.explained, "\(priced) \(free)")
    }

    @Test("What a sparse autoencoder remembers from step to step is part of a checkpoint") func resumingSparse() throws {
        try withTemporaryFolder { folder in
            let embeddings = try Generator(seed: 2).normal([256, 8])
            func trainer() throws -> SparseTrainer {
                try SparseTrainer(
                    .init(count: 64, selection: .perBatch(4), patience: 2), embeddings: Embeddings(embeddings), heldOut: embeddings,
                    batch: 16, seed: 1)
            }
            func options(_ name: String, resumes: Bool) -> TrainingOptions {
                TrainingOptions(
                    folder: folder.appendingPathComponent(name), length: .steps(12), batch: 16, learningRate: 1e-2, resumes: resumes)
            }
            let whole = try trainer()
            _ = try TrainingRun(whole, options("whole", resumes: false)).train()
            let first = try TrainingRun(trainer(), options("parts", resumes: false))
            for _ in 0..<7 { try first.advance() }
            try first.save()
            let second = try trainer()
            _ = try TrainingRun(second, options("parts", resumes: true)).train()
            for (one, other) in zip(whole.exported + whole.buffers, second.exported + second.buffers) {
                #expect(try one.tensor.floats() == other.tensor.floats(), "\(one.name)")
            }
        }
    }
}
