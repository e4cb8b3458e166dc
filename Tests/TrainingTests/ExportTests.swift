import Diffusion
import Foundation
import Networks
import Scenes
import Tensors
import Testing

@testable import Training

private let tinyAutoencoder = MoVQConfiguration(
    channels: [32, 32], layersPerBlock: 1, latentChannels: 4, codebookSize: 8, attention: [false, false])

@Suite("Exporting a pack", .serialized) struct ExportTests {
    init() throws { try Libtorch.setThreads(1) }

    @Test("Folding gives latents mean 0, deviation 1 and no correlation, and leaves the pictures as they were") func folding() throws {
        try withTemporaryFolder { folder in
            let source = try FreshSource(seed: 3)
            let network = try MoVQ(tinyAutoencoder, Weights(source))
            let random = try Generator(seed: 4)
            // Biases begin at zero, where folding them wrongly would go unseen.
            for (_, tensor) in source.parameters { try tensor.assign(tensor.detached() + random.normal(tensor.shape) * 0.1) }
            try Tensor.withoutGradients {
                let pictures = try random.normal([3, 3, 16, 16])
                let latents = try network.encode(pictures)
                let file = folder.appendingPathComponent("folded.safetensors")
                try SafetensorsWriter.write(LatentWhitening(latents).folded(into: source.parameters), to: file)
                let folded = try MoVQ(tinyAutoencoder, Weights(CheckpointSource(SafetensorsFile(contentsOf: file))))

                let unit = try folded.encode(pictures)
                #expect(try unit.mean([0, 2, 3]).magnitude().largest().item() < 1e-4)
                let rows = try unit.permuted([1, 0, 2, 3]).reshaped([4, -1])
                let covariance = try (rows.matmul(rows.transposed()) * (1 / Double(rows.size(1)))).floats()
                for (place, value) in covariance.enumerated() { #expect(abs(value - (place % 5 == 0 ? 1 : 0)) < 1e-3) }
                let expected = try network.decode(latents)
                #expect(try (folded.decode(unit) - expected).norm().item() / expected.norm().item() < 1e-4)
            }
        }
    }

    @Test("The preview map is found from latents and the colours that they stand for") func preview() throws {
        let latents = try Generator(seed: 1).normal([4, 3, 8, 8])
        let weight: [Float] = [0.1, 0.2, 0.3, -0.1, 0, 0.4, 0.5, -0.6, 0.7]
        let colours = try latents.convolved(Tensor(weight, shape: [3, 3, 1, 1]), Tensor([0.5, 0.25, 0.75] as [Float], shape: [3]))
        let fit = try PreviewFit(latents: latents, pictures: colours)
        #expect(zip(fit.matrix.flatMap { $0 }, weight).allSatisfy { abs($0 - Double($1)) < 1e-4 })
        #expect(zip(fit.bias, [0.5, 0.25, 0.75]).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test("The whole chain runs, is not run twice, and leaves a pack whose configs and weights fit the networks") func chain() throws {
        try withTemporaryFolder { folder in
            let training = DemoTraining(folder: folder.appendingPathComponent("run"), heldOutCount: 4) { stage in
                .init(length: .steps(1), batch: 1, learningRate: 1e-4, scenes: 8)
            }
            let pack = folder.appendingPathComponent("pack")
            let missing = training.weights(of: .clip).path
            #expect(throws: TrainingError.missingStage(file: missing, stage: "clip")) { try PackExport(training, to: pack).write() }
            #expect(try training.run() == .finished)
            let written = try training.weights(of: .decoder).resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
            #expect(try training.run() == .finished)
            let unchanged = try training.weights(of: .decoder).resourceValues(forKeys: [.contentModificationDateKey])
                .contentModificationDate
            #expect(written == unchanged)

            try PackExport(training, to: pack).write(sceneCount: 8)
            let encoder = pack.appendingPathComponent("prior/image_encoder")
            let towerSizes = try ImageTowerConfiguration(contentsOf: encoder.appendingPathComponent("config.json"))
            #expect(towerSizes == .demo)
            let source = CheckpointSource(try SafetensorsFile(contentsOf: encoder.appendingPathComponent("model.safetensors")))
            _ = try ImageTower(towerSizes, Weights(source))
            try source.finish()
            #expect(try UNetConfiguration(contentsOf: pack.appendingPathComponent("decoder/unet/config.json")) == .demo)
            #expect(try MoVQConfiguration(contentsOf: pack.appendingPathComponent("decoder/movq/config.json")) == .demo)
            let processor = pack.appendingPathComponent("prior/image_processor/preprocessor_config.json")
            #expect(try PixelNormalisation(contentsOf: processor) == .demo)
            let scheduler = pack.appendingPathComponent("decoder/scheduler/scheduler_config.json")
            #expect(try NoiseSchedule(contentsOf: scheduler) == NoiseSchedule(clipRange: nil))

            let tokenizer = try Tokenizer(contentsOf: pack.appendingPathComponent("prior/tokenizer"))
            let text = try TextTowerConfiguration(contentsOf: pack.appendingPathComponent("prior/text_encoder/config.json"))
            #expect(text == .demo && tokenizer.vocabularySize == text.vocabulary)
            try checkEvaluation(of: pack, training)
            try checkGoingOn(training, pack)
            try checkImport(of: pack, in: folder)
            let refitted = try PreviewFit(pack: pack, sceneCount: 8)
            let exported = try JSONDecoder().decode(PreviewFit.self, from: Data(contentsOf: pack.appendingPathComponent("preview.json")))
            // The pack's weights are halves.
            #expect(zip(refitted.matrix.joined(), exported.matrix.joined()).allSatisfy { abs($0 - $1) < 0.05 })
            #expect(refitted.matrix.map(\.count) == [12, 12, 12])
        }
    }

    /// A folder that is filled from a pack gives the same pack again, and a stage can be trained further.
    private func checkImport(of pack: URL, in folder: URL) throws {
        let training = DemoTraining(folder: folder.appendingPathComponent("imported"), heldOutCount: 4) { _ in
            .init(length: .steps(1), batch: 1, learningRate: 1e-4, scenes: 8)
        }
        try PackImport(of: pack, into: training).write()
        let taken = training.weights(of: .autoencoder).path
        #expect(throws: TrainingError.unsuitable("\(taken) exists already; name another --folder, or remove it.")) {
            try PackImport(of: pack, into: training).write()
        }
        #expect(try training.run(.decoder) == .finished)
        let copy = folder.appendingPathComponent("copy")
        try PackExport(training, to: copy).write(sceneCount: 8)
        for path in ["decoder/movq/diffusion_pytorch_model", "prior/image_encoder/model", "prior/text_encoder/model", "sae/model"] {
            func weights(_ folder: URL) throws -> Data { try Data(contentsOf: folder.appendingPathComponent("\(path).safetensors")) }
            #expect(try weights(copy) == weights(pack), "\(path)")
        }
        try PackExport(training, to: copy).write(.autoencoder, sceneCount: 8)
    }

    /// A decoder's run with a constant learning rate begins with given weights, goes on, and leaves weights by milestones alone.
    private func checkGoingOn(_ finished: DemoTraining, _ pack: URL) throws {
        let weights = finished.weights(of: .decoder)
        let place = weights.deletingLastPathComponent()
        func steps(_ file: URL) throws -> Int { try Checkpoint.Reader(file, trainer: "decoder").step }
        func training(steps: Int) -> DemoTraining {
            var training = DemoTraining(folder: finished.folder, heldOutCount: 4) { _ in
                .init(length: .steps(steps), batch: 1, learningRate: 1e-4, scenes: 8, schedule: .constant)
            }
            training.decoderStart = pack.appendingPathComponent("decoder/unet/diffusion_pytorch_model.safetensors")
            return training
        }
        let checkpoint = TrainingRun.checkpoint(in: place)
        try FileManager.default.removeItem(at: checkpoint)
        #expect(throws: TrainingError.missingCheckpoint(file: checkpoint.path)) { try training(steps: 1).milestone(decayingOver: 1) }
        let before = try Data(contentsOf: weights)
        #expect(try training(steps: 1).run(.decoder) == .finished)
        #expect(try training(steps: 2).run(.decoder) == .finished)
        #expect(try steps(checkpoint) == 2 && Data(contentsOf: weights) == before)
        // The first of a hundred steps of warm-up moves next to nothing.
        let (name, tensor) = try finished.tensors(of: .decoder)[0]
        let begun = try SafetensorsFile(contentsOf: checkpoint).tensor("parameter/\(name)")
        #expect(try (begun - tensor).magnitude().largest().item() < 1e-2)

        #expect(try training(steps: 2).milestone(decayingOver: 3) == .finished)
        let milestone = TrainingRun.checkpoint(in: place.appendingPathComponent("milestone-2"))
        #expect(try steps(milestone) == 5 && steps(checkpoint) == 2)
        let (after, exported) = (try Data(contentsOf: weights), pack.appendingPathComponent("sae/model.safetensors"))
        #expect(after != before)
        let features = try Data(contentsOf: exported)
        try PackExport(finished, to: pack).write(.decoder)
        let unet = try SafetensorsFile(contentsOf: pack.appendingPathComponent("decoder/unet/diffusion_pytorch_model.safetensors"))
        let shipped = try unet.tensor(name).to(.float32)
        #expect(try (shipped - SafetensorsFile(contentsOf: weights).tensor(name)).magnitude().largest().item() < 1e-3)
        #expect(try Data(contentsOf: exported) == features)
    }

    /// The networks have learnt nothing, so that only what holds of every pack is expected.
    private func checkEvaluation(of pack: URL, _ training: DemoTraining) throws {
        let settings = Evaluation.Settings(
            scenes: 8, trainingScenes: 48, drawn: 2, inverted: 1, steered: 1, steeredFactors: [.border], steps: 1, invertSteps: 1)
        let (reader, file) = (training.weights(of: .reader), pack.appendingPathComponent("metrics.json"))
        let evaluation = try Evaluation(pack: pack, reader: reader, settings: settings)
        let journal = try EvaluationJournal(beside: file, pack: pack, reader: reader, settings: settings)
        let stop = StopSignal()
        stop.set()
        #expect(throws: CancellationError.self) { try evaluation.figures(journal, stop: stop) }
        let figures = try evaluation.figures(journal)
        #expect(figures.values.map(\.value) == Factor.border.values)
        #expect(figures.values.allSatisfy { $0.steering.map(\.method) == SteeringMethod.allCases.map(\.rawValue) })
        let unedited = figures.values.flatMap(\.steering).filter { $0.method == SteeringMethod.none.rawValue }
        #expect(unedited.allSatisfy { $0.kept.value == 1 && $0.change.value == 0 && $0.otherChange == 0 })
        for response in figures.values.flatMap({ [$0.response, $0.overshoot] }) {
            #expect(response.logOdds.count == 9 && abs(response.rankCorrelation) <= 1)
        }
        #expect(figures.values.allSatisfy { $0.response.strengths.last == 1 && $0.response.logOdds[2] == $0.overshoot.logOdds[1] })
        #expect(figures.stacks.map(\.edits) == Evaluation.stackSizes)
        #expect(figures.stacks.allSatisfy { $0.applied <= Double($0.edits) && $0.distance.value > 0 })
        #expect(figures.sparse.values.count == Factor.allCases.reduce(0) { $0 + $1.values.count })
        #expect(figures.decoder.guided.keys == figures.decoder.fromNoise.keys)
        #expect(figures.clip.retrieval != nil && figures.clip.candidates == 8)
        let parts = figures.tables.components(separatedBy: "\n\n")
        #expect(parts.map { $0.split(separator: "\n").count } == [1, 20, 12, 8, 7, 3, 1])
        let tables = parts.dropFirst().dropLast()
        #expect(tables.allSatisfy { table in Set(table.split(separator: "\n").map { $0.filter { $0 == "|" }.count }).count == 1 })
        try figures.write(to: file)
        #expect(try JSONDecoder().decode(PackFigures.self, from: Data(contentsOf: file)).scenes == 8)
    }
}
