import Files
import Foundation
import Networks
import Scenes
import Tensors

/// The chain that makes the demo pack: autoencoder and CLIP's towers, then sparse autoencoder and decoder, then the pack itself.
///
/// Every stage keeps its checkpoint, log and finished weights in a folder of its own, resumes where it was interrupted, and does nothing when
/// it is finished.
public struct DemoTraining {
    /// A stage, named as its folder.
    public enum Stage: String, CaseIterable, Sendable {
        case autoencoder
        /// The autoencoder's decoding half, further: nothing but the pack needs it.
        case refinement
        case clip
        case sparseAutoencoder = "sae"
        case decoder
        /// Not a part of the pack: it judges what the pack draws.
        case reader
    }

    /// How long each stage lasts and how it learns.
    public struct Plan: Sendable {
        public var length: TrainingOptions.Length
        public var batch: Int
        public var learningRate: Double
        public var schedule: TrainingOptions.Schedule
        /// How many scenes it draws from.
        public var scenes: Int

        public init(
            length: TrainingOptions.Length, batch: Int, learningRate: Double, scenes: Int, schedule: TrainingOptions.Schedule = .cosine
        ) {
            self.length = length
            self.batch = batch
            self.learningRate = learningRate
            self.schedule = schedule
            self.scenes = scenes
        }

        /// What a pack is trained with on two cores within a working day; the shipped one's own record is beside it.
        public static func shipped(_ stage: Stage) -> Plan {
            switch stage {
            case .autoencoder: Plan(length: .steps(8500), batch: 1, learningRate: 1.2e-3, scenes: 8192)
            case .refinement: Plan(length: .steps(5000), batch: 1, learningRate: 6e-4, scenes: 8192)
            case .clip: Plan(length: .steps(5000), batch: 64, learningRate: 1e-3, scenes: 16_384)
            case .sparseAutoencoder: Plan(length: .steps(6000), batch: 512, learningRate: 4e-3, scenes: 16_384)
            case .reader: Plan(length: .steps(1500), batch: 64, learningRate: 1e-3, scenes: 16_384)
            case .decoder: Plan(length: .steps(10_000), batch: 32, learningRate: 1e-3, scenes: 12_288)
            }
        }
    }

    public let folder: URL
    public var seed: UInt64
    public var heldOutCount: Int
    /// Seconds of training between checkpoints.
    public var checkpointInterval = 60.0
    /// Whether stages that were interrupted go on; otherwise their checkpoints are an error.
    public var resumes = true
    public var plan: @Sendable (Stage) -> Plan
    public var decoderSettings = DecoderTrainer.Settings()
    /// Weights of a decoder that a new run of that stage begins with; nil for random ones.
    public var decoderStart: URL?

    /// - Parameters:
    ///   - folder: holds one folder for each stage.
    ///   - seed: of the scenes and of every random draw.
    ///   - heldOutCount: how many scenes are kept for evaluation.
    ///   - plan: the length and the rates of each stage.
    public init(folder: URL, seed: UInt64 = 1, heldOutCount: Int = 512, plan: @escaping @Sendable (Stage) -> Plan = Plan.shipped) {
        self.folder = folder
        self.seed = seed
        self.heldOutCount = heldOutCount
        self.plan = plan
    }

    /// Runs every stage that is not finished.
    /// - Returns: `.stopped` when `stop` was set before the end.
    public func run(stop: StopSignal = StopSignal()) throws -> TrainingRun.Outcome {
        for stage in Stage.allCases {
            if case .stopped = try run(stage, stop: stop) { return .stopped }
        }
        return .finished
    }

    /// Runs one stage, or does nothing when its weights are there and its plan has an end.
    ///
    /// A stage with a constant learning rate has none: it runs to the planned length whatever is there, and `milestone` makes weights of it.
    public func run(_ stage: Stage, stop: StopSignal = StopSignal()) throws -> TrainingRun.Outcome {
        if hasNothingToDo(stage) { return .finished }
        switch stage {
        case .autoencoder: return try trainAutoencoder(stop)
        case .refinement: return try trainRefinement(stop)
        case .clip: return try trainClip(stop)
        case .sparseAutoencoder: return try trainSparseAutoencoder(stop)
        case .decoder: return try trainDecoder(stop)
        case .reader: return try trainReader(stop)
        }
    }

    /// Whether a stage has nothing left to do.
    public func isFinished(_ stage: Stage) -> Bool { FileManager.default.fileExists(atPath: weights(of: stage).path) }

    /// Whether `run` does nothing for a stage.
    public func hasNothingToDo(_ stage: Stage) -> Bool { isFinished(stage) && plan(stage).schedule != .constant }

    /// Where a stage's finished weights are.
    public func weights(of stage: Stage) -> URL { place(of: stage).appendingPathComponent("weights.safetensors") }

    private func place(of stage: Stage) -> URL { folder.appendingPathComponent(stage.rawValue) }

    private func options(_ stage: Stage, _ plan: Plan) -> TrainingOptions {
        TrainingOptions(
            folder: place(of: stage), length: plan.length, batch: plan.batch, learningRate: plan.learningRate, schedule: plan.schedule,
            seed: seed, checkpointInterval: checkpointInterval, resumes: resumes)
    }

    // MARK: Stages

    private func trainAutoencoder(_ stop: StopSignal) throws -> TrainingRun.Outcome {
        let plan = plan(.autoencoder)
        let bank = try SceneBank(count: plan.scenes)
        let heldOut = try SceneBank(seed: SceneBank.heldOutSeed, count: min(heldOutCount, 32))
        let trainer = try AutoencoderTrainer(.init(), bank: bank, heldOut: heldOut, batch: plan.batch, seed: seed)
        let outcome = try TrainingRun(trainer, options(.autoencoder, plan)).train(stop: stop)
        if case .stopped = outcome { return outcome }
        try finish(.autoencoder) {
            let latents = try bank.batches(of: 16).prefix(32).map { try trainer.network.encode(bank.pictures($0)).contiguous() }
            return try LatentWhitening(Tensor.concatenated(latents, dimension: 0)).folded(into: trainer.parameters)
        }
        return outcome
    }

    private func trainRefinement(_ stop: StopSignal) throws -> TrainingRun.Outcome {
        let plan = plan(.refinement)
        let finished = try tensors(of: .autoencoder)
        let bank = try SceneBank(count: plan.scenes)
        let heldOut = try SceneBank(seed: SceneBank.heldOutSeed, count: min(heldOutCount, 32))
        let trainer = try RefinementTrainer(finished: finished, bank: bank, heldOut: heldOut, batch: plan.batch, seed: seed)
        let outcome = try TrainingRun(trainer, options(.refinement, plan)).train(stop: stop)
        if case .finished = outcome { try finish(.refinement) { trainer.allParameters } }
        return outcome
    }

    private func trainClip(_ stop: StopSignal) throws -> TrainingRun.Outcome {
        let plan = plan(.clip)
        let bank = try SceneBank(count: plan.scenes)
        let heldOut = try SceneBank(seed: SceneBank.heldOutSeed, count: heldOutCount)
        try WorldTokenizer.shared.write(to: tokenizerFolder)
        let trainer = try ClipTrainer(
            .init(), tokenizer: Tokenizer(contentsOf: tokenizerFolder), bank: bank, heldOut: heldOut, batch: plan.batch, seed: seed)
        let outcome = try TrainingRun(trainer, options(.clip, plan)).train(stop: stop)
        if case .finished = outcome { try finish(.clip) { try trainer.towersOfUnitDeviation() } }
        return outcome
    }

    private var tokenizerFolder: URL { place(of: .clip).appendingPathComponent("tokenizer") }

    private func trainSparseAutoencoder(_ stop: StopSignal) throws -> TrainingRun.Outcome {
        let plan = plan(.sparseAutoencoder)
        let tower = try imageTower()
        let bank = try SceneBank(count: plan.scenes)
        let (embeddings, heldOut) = try Tensor.withoutGradients {
            (
                try tower.embeddings(of: bank),
                try tower.embeddings(of: SceneBank(seed: SceneBank.heldOutSeed, count: heldOutCount))
            )
        }
        let trainer = try SparseTrainer(.demo, embeddings: Embeddings(embeddings), heldOut: heldOut, batch: plan.batch, seed: seed)
        let outcome = try TrainingRun(trainer, options(.sparseAutoencoder, plan)).train(stop: stop)
        if case .finished = outcome {
            try finish(.sparseAutoencoder) { try FeatureSharpening(bank.scenes, embeddings).sharpened(trainer.trained()) }
        }
        return outcome
    }

    private func trainDecoder(_ stop: StopSignal) throws -> TrainingRun.Outcome {
        let plan = plan(.decoder)
        let trainer = try decoderTrainer(plan)
        let options = options(.decoder, plan)
        if let decoderStart, !FileManager.default.fileExists(atPath: TrainingRun.checkpoint(in: options.folder).path) {
            try trainer.start(with: SafetensorsFile(contentsOf: decoderStart))
        }
        let outcome = try TrainingRun(trainer, options).train(stop: stop)
        if case .finished = outcome, plan.schedule != .constant { try finish(.decoder) { trainer.parameters } }
        return outcome
    }

    /// Makes weights of where a decoder's run with a constant learning rate stands: goes on from a copy of its checkpoint while the learning
    /// rate decays. The run itself stays as it is, and can go on.
    /// - Parameters:
    ///   - steps: how many the decay takes.
    ///   - stop: ends the work between two steps when it is set.
    /// - Returns: `.stopped` when `stop` was set before the end; the next call goes on from there.
    /// - Throws: `TrainingError.missingCheckpoint` when there is no run.
    public func milestone(decayingOver steps: Int, stop: StopSignal = StopSignal()) throws -> TrainingRun.Outcome {
        let plan = plan(.decoder)
        let source = TrainingRun.checkpoint(in: place(of: .decoder))
        guard FileManager.default.fileExists(atPath: source.path) else { throw TrainingError.missingCheckpoint(file: source.path) }
        let trainer = try decoderTrainer(plan)
        let start = try Checkpoint.Reader(source, trainer: trainer.name).step
        var options = options(.decoder, plan)
        options.folder = place(of: .decoder).appendingPathComponent("milestone-\(start)")
        (options.length, options.schedule, options.resumes) = (.steps(start + steps), .decay(from: start), true)
        let copy = TrainingRun.checkpoint(in: options.folder)
        if !FileManager.default.fileExists(atPath: copy.path) {
            try makeFolder(options.folder)
            try AtomicFile.write(Data(contentsOf: source, options: .mappedIfSafe), to: copy)
        }
        let outcome = try TrainingRun(trainer, options).train(stop: stop)
        if case .finished = outcome { try finish(.decoder) { trainer.parameters } }
        return outcome
    }

    private func decoderTrainer(_ plan: Plan) throws -> DecoderTrainer {
        let scenes = try encoded("training", seed: SceneBank.trainingSeed, count: plan.scenes)
        let heldOut = try encoded("held-out", seed: SceneBank.heldOutSeed, count: heldOutCount)
        let sensitivity = try Tensor.withoutGradients {
            try movq().pixelSensitivity(
                at: scenes.latents.narrowed(0, from: 0, length: min(scenes.count, 32)), Generator(seed: seed, device: .ambient))
        }
        return try DecoderTrainer(
            decoderSettings, scenes: scenes, heldOut: heldOut, sensitivity: sensitivity,
            features: isFinished(.sparseAutoencoder) ? sparseAutoencoder() : nil, batch: plan.batch, seed: seed)
    }

    /// The encoded scenes of a series, kept in the decoder's folder from one run to the next.
    private func encoded(_ name: String, seed: UInt64, count: Int) throws -> EncodedScenes {
        let file = place(of: .decoder).appendingPathComponent("\(name)-\(count).safetensors")
        if FileManager.default.fileExists(atPath: file.path) {
            return try EncodedScenes(contentsOf: file, scenes: (0..<count).map { Scene(seed: seed, index: $0) })
        }
        // Before scenes are drawn, which takes long.
        let (movq, tower) = (try MoVQ(.demo, Weights(source(.autoencoder))), try imageTower())
        let scenes = try EncodedScenes(SceneBank(seed: seed, count: count), movq, tower)
        try makeFolder(file.deletingLastPathComponent())
        try scenes.write(to: file)
        return scenes
    }

    private func trainReader(_ stop: StopSignal) throws -> TrainingRun.Outcome {
        let plan = plan(.reader)
        let bank = try SceneBank(count: plan.scenes)
        let heldOut = try SceneBank(seed: SceneBank.heldOutSeed, count: heldOutCount)
        let trainer = try ReaderTrainer(bank: bank, heldOut: heldOut, batch: plan.batch, seed: seed)
        let outcome = try TrainingRun(trainer, options(.reader, plan)).train(stop: stop)
        if case .finished = outcome { try finish(.reader) { trainer.parameters } }
        return outcome
    }

    private func finish(_ stage: Stage, _ tensors: () throws -> NamedTensors) throws {
        try SafetensorsWriter.write(Tensor.withoutGradients(tensors), to: weights(of: stage))
    }

    // MARK: Finished networks

    /// The trained and refined autoencoder.
    /// - Throws: `TrainingError.missingStage` before it is finished.
    public func movq() throws -> MoVQ { try MoVQ(.demo, Weights(source(.refinement))) }

    /// The trained image tower.
    /// - Throws: `TrainingError.missingStage` before it is finished.
    public func imageTower() throws -> ImageTower { try ImageTower(.demo, Weights(source(.clip), path: ClipTrainer.imagePath)) }

    /// The trained text tower.
    /// - Throws: `TrainingError.missingStage` before it is finished.
    public func textTower() throws -> TextTower { try TextTower(.demo, Weights(source(.clip), path: ClipTrainer.textPath)) }

    /// The trained sparse autoencoder.
    /// - Throws: `TrainingError.missingStage` before it is finished.
    public func sparseAutoencoder() throws -> SparseAutoencoder {
        try SparseAutoencoder(trained: file(.sparseAutoencoder))
    }

    /// The tensors of a finished stage, in the order of its file.
    /// - Parameter part: the first part of the names to take, which is left out of them.
    func tensors(of stage: Stage, part: String? = nil) throws -> NamedTensors {
        let file = try file(stage)
        let prefix = part.map { $0 + "." } ?? ""
        return try file.names.filter { $0.hasPrefix(prefix) }.map { (String($0.dropFirst(prefix.count)), try file.tensor($0)) }
    }

    private func source(_ stage: Stage) throws -> CheckpointSource { CheckpointSource(try file(stage), on: .ambient) }

    private func file(_ stage: Stage) throws -> SafetensorsFile {
        let url = weights(of: stage)
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw TrainingError.missingStage(file: url.path, stage: stage.rawValue)
        }
        return try SafetensorsFile(contentsOf: url)
    }
}
