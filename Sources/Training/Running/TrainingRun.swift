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
    private let averages: [Tensor]
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
    /// The steps between lines of the log.
    private static let logInterval = 50

    /// The file that a run in `folder` goes on from.
    public static func checkpoint(in folder: URL) -> URL { folder.appendingPathComponent("checkpoint.safetensors") }

    /// - Throws: `TrainingError` when the folder cannot be used, holds a run that is not to be resumed, or one of another shape.
    public init(_ trainer: any Trainer, _ options: TrainingOptions) throws {
        self.trainer = trainer
        self.options = options
        let parameters = trainer.parameters.map(\.tensor)
        optimiser = try Optimiser(trainer)
        averages = try trainer.averaging == nil ? [] : parameters.map { try $0.detached().cloned() }
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
        try useAverages()
        return .finished
    }

    /// One step: loss, gradients, update.
    /// - Throws: `TrainingError.diverged` before anything is changed when the loss or a gradient is not finite.
    public func advance() throws {
        let start = ContinuousClock.now
        let progress = options.progress(step: step, seconds: seconds)
        let rate = options.learningRate(step: step, progress: progress)
        let loss = try trainer.loss(step: step, progress: progress)
        try loss.backward()
        let value = try loss.item()
        let parameters = trainer.parameters.map(\.tensor)
        let norm = try gradientNorm(of: parameters)
        guard value.isFinite, norm.isFinite else {
            throw divergence
        }
        let limit = 1.0
        if norm > limit { try scaleGradients(of: parameters, by: limit / norm) }
        try optimiser.update(learningRate: rate)
        try trainer.finishStep(step)
        step += 1
        if let averaging = trainer.averaging.map(options.averaging) {
            // A young average forgets faster, or it would remember the first random parameters for long.
            let kept = min(averaging, Double(1 + step) / Double(10 + step))
            try moveTowards(averages, parameters, weight: 1 - kept)
        }
        let took = start.duration(to: .now).components
        seconds += Double(took.seconds) + Double(took.attoseconds) * 1e-18
        try report(loss: value, rate: rate)
    }

    private var divergence: TrainingError {
        .diverged(trainer: trainer.name, step: step, checkpoint: Self.checkpoint(in: options.folder).path)
    }

    private func report(loss: Double, rate: Double) throws {
        recentLosses.append(loss)
        lastLoss = loss
        let progress = options.progress(step: step, seconds: seconds)
        progressLine.show(trainer.name, step: step, loss: loss, learningRate: rate, progress: progress, seconds: seconds)
        guard step % Self.logInterval == 0 else { return }
        try log.append(RunLog.Entry(step: step, seconds: seconds, loss: recentLoss, learningRate: rate))
        recentLosses = []
    }

    /// The mean loss since the last regular line of the log.
    private var recentLoss: Double? { recentLosses.isEmpty ? lastLoss : recentLosses.reduce(0, +) / Double(recentLosses.count) }

    private func evaluate() throws {
        lastEvaluation = seconds
        let current = try averages.isEmpty ? [] : trainer.parameters.map { try $0.tensor.detached().cloned() }
        try useAverages()
        let figures = try Tensor.withoutGradients { try trainer.evaluate() }
        for (parameter, value) in zip(trainer.parameters, current) { try parameter.tensor.assign(value) }
        let progress = options.progress(step: step, seconds: seconds)
        let rate = options.learningRate(step: step, progress: progress)
        try log.append(
            RunLog.Entry(step: step, seconds: seconds, loss: recentLoss, learningRate: rate, heldOut: figures.filter(\.value.isFinite)))
    }

    /// Puts the averaged parameters, where they are kept, in place of the trained ones.
    private func useAverages() throws {
        for (parameter, average) in zip(trainer.parameters, averages) { try parameter.tensor.assign(average) }
    }

    /// Writes a checkpoint, replacing the one before.
    /// - Throws: `TrainingError.diverged`, keeping the one before, when a parameter is not finite.
    public func save() throws {
        guard try trainer.parameters.allSatisfy({ try $0.tensor.detached().isAllFinite() }) else { throw divergence }
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
        optimiser.step = step
        lastSave = seconds
        lastEvaluation = seconds
    }

    /// Every tensor that a checkpoint holds, by the name that it has there.
    private var state: [(name: String, tensor: Tensor)] {
        let parameters = trainer.parameters.map { (name: "parameter/\($0.name)", tensor: $0.tensor) }
        let averaged = zip(trainer.parameters, averages).map { (name: "average/\($0.name)", tensor: $1) }
        return parameters + optimiser.state + averaged + trainer.buffers.map { (name: "buffer/\($0.name)", tensor: $0.tensor) }
    }
}
