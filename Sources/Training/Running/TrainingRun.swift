import Foundation
import Tensors

/// One run of a trainer: steps, checkpoints, averages, log and progress.
///
/// All randomness comes from the seed and the number of the step, so a resumed run goes on exactly as it would have.
public final class TrainingRun {
    public enum Outcome: Sendable { case finished, stopped }

    private let trainer: any Trainer
    private let options: TrainingOptions
    private let optimiser: Optimiser
    private let steps: TrainingSteps
    private let log: RunLog
    private let progressLine = ProgressLine()
    /// The number of steps done.
    public private(set) var step = 0
    /// Time spent training.
    public private(set) var seconds = 0.0
    private var lastSave = 0.0
    private var lastEvaluation = 0.0
    /// Those since the last regular line of the log, and the last of all.
    private var recentLosses: [Double] = []
    private var lastLoss: Double?
    /// What `Optimiser.update` returned in the last steps, on the device.
    private var unread: [(step: Int, outcome: Tensor)] = []
    /// The steps after which losses are brought from the device, for which it and the host wait for each other.
    private let readInterval: Int
    /// The steps between lines of the log.
    private static let logInterval = 50

    /// The file that a run in `folder` goes on from.
    public static func checkpoint(in folder: URL) -> URL { folder.appendingPathComponent("checkpoint.safetensors") }

    /// - Parameters:
    ///   - readInterval: the steps after which it is looked how the last ones went; each on the CPU unless given, where it costs nothing.
    ///   - trainer: what is trained.
    ///   - options: where, how long and how.
    /// - Throws: `TrainingError` when the folder cannot be used, holds a run that is not to be resumed, or one of another shape.
    public init(_ trainer: any Trainer, _ options: TrainingOptions, readInterval: Int? = nil) throws {
        self.trainer = trainer
        self.options = options
        self.readInterval = readInterval ?? (trainer.parameters.first?.tensor.device == .cpu ? 1 : Self.logInterval)
        // Gradients are far noisier than TF32 makes them.
        if trainer.parameters.first?.tensor.device != .cpu { Libtorch.useFastFloat32() }
        optimiser = try Optimiser(trainer)
        steps = TrainingSteps(trainer, optimiser)
        try makeFolder(options.folder)
        let file = Self.checkpoint(in: options.folder)
        let checkpoint = FileManager.default.fileExists(atPath: file.path) ? try Checkpoint.Reader(file, trainer: trainer.name) : nil
        if checkpoint != nil && !options.resumes { throw TrainingError.checkpointExists(file: file.path) }
        log = try RunLog(options.folder.appendingPathComponent("log.jsonl"), goingOnAfter: checkpoint?.step ?? 0)
        if let checkpoint { try restore(checkpoint) }
    }

    /// Trains to the planned length, or until `stop` is set; saves in both cases, and leaves the averaged parameters in the trainer.
    public func train(stop: StopSignal = StopSignal()) throws -> Outcome {
        while options.progress(step: step, seconds: seconds) < 1 {
            if stop.isSet {
                try save()
                progressLine.end()
                return .stopped
            }
            try advance()
            if seconds - lastEvaluation >= options.evaluationInterval { try evaluate() }
            if seconds - lastSave >= options.checkpointInterval { try save() }
        }
        try evaluate()
        try save()
        progressLine.end()
        try optimiser.useAverages()
        return .finished
    }

    /// One step: loss, gradients, update.
    /// - Throws: `TrainingError.diverged` when the loss or a gradient is not finite. Nothing is changed by that step and later ones, though it
    ///   may be found out some steps later.
    public func advance() throws {
        let start = ContinuousClock.now
        let progress = options.progress(step: step, seconds: seconds)
        let rate = options.learningRate(step: step, progress: progress)
        // A young average forgets faster, or it would remember the first random parameters for long.
        let kept = min(options.averaging(trainer.averaging ?? 0), Double(2 + step) / Double(11 + step))
        try optimiser.prepare(step: step, learningRate: rate, keeping: kept)
        unread.append((step, try steps.take(step, progress: progress)))
        if (step + 1) % readInterval == 0 { try readLosses() }
        try trainer.finishStep(step)
        step += 1
        let took = start.duration(to: .now).components
        seconds += Double(took.seconds) + Double(took.attoseconds) * 1e-18
        try report(rate)
    }

    /// Brings the losses of the last steps from the device.
    /// - Throws: `TrainingError.diverged` with the first step whose loss or gradient was not finite.
    private func readLosses() throws {
        guard !unread.isEmpty else { return }
        let values = try Tensor.concatenated(unread.map(\.outcome), dimension: 0).floats()
        let steps = unread.indices.map { (number: unread[$0].step, loss: Double(values[2 * $0]), isSpoilt: values[2 * $0 + 1] != 0) }
        unread = []
        recentLosses += steps.prefix { !$0.isSpoilt }.map(\.loss)
        lastLoss = recentLosses.last ?? lastLoss
        if let spoilt = steps.first(where: \.isSpoilt) { throw divergence(at: spoilt.number) }
    }

    private func divergence(at step: Int) -> TrainingError {
        .diverged(trainer: trainer.name, step: step, checkpoint: Self.checkpoint(in: options.folder).path)
    }

    private func report(_ rate: Double) throws {
        let progress = options.progress(step: step, seconds: seconds)
        if let lastLoss {
            progressLine.show(trainer.name, step: step, loss: lastLoss, learningRate: rate, progress: progress, seconds: seconds)
        }
        guard step % Self.logInterval == 0 else { return }
        try readLosses()
        try log.append(RunLog.Entry(step: step, seconds: seconds, loss: recentLoss, learningRate: rate))
        recentLosses = []
    }

    /// The mean loss since the last regular line of the log.
    private var recentLoss: Double? { recentLosses.isEmpty ? lastLoss : recentLosses.reduce(0, +) / Double(recentLosses.count) }

    private func evaluate() throws {
        lastEvaluation = seconds
        try readLosses()
        let figures = try optimiser.withAverages { try Tensor.withoutGradients { try trainer.evaluate() } }
        let progress = options.progress(step: step, seconds: seconds)
        let rate = options.learningRate(step: step, progress: progress)
        try log.append(
            RunLog.Entry(step: step, seconds: seconds, loss: recentLoss, learningRate: rate, heldOut: figures.filter(\.value.isFinite)))
    }

    /// Writes a checkpoint, replacing the one before.
    /// - Throws: `TrainingError.diverged`, keeping the one before, when a parameter is not finite.
    public func save() throws {
        try readLosses()
        guard try optimiser.isFinite() else { throw divergence(at: step) }
        lastSave = seconds
        let tensors = state.map { ($0.name, $0.tensor) }
        let checkpoint = Checkpoint(trainer: trainer.name, step: step, seconds: seconds, losses: recentLosses, tensors: tensors)
        try checkpoint.write(to: Self.checkpoint(in: options.folder))
    }

    private func restore(_ checkpoint: Checkpoint.Reader) throws {
        for (name, tensor) in state { try checkpoint.restore(name, into: tensor) }
        step = checkpoint.step
        seconds = checkpoint.seconds
        recentLosses = checkpoint.losses
        lastLoss = recentLosses.last ?? lastLoss
        lastSave = seconds
        lastEvaluation = seconds
    }

    /// Every tensor that a checkpoint holds, by the name that it has there.
    private var state: [(name: String, tensor: Tensor)] {
        let parameters = trainer.parameters.map { (name: "parameter/\($0.name)", tensor: $0.tensor) }
        return parameters + optimiser.state + trainer.buffers.map { (name: "buffer/\($0.name)", tensor: $0.tensor) }
    }
}
