import Foundation

/// How one training run goes: where it keeps its files, how long it lasts, and how fast it learns.
public struct TrainingOptions: Sendable, Codable, Equatable {
    /// How long a run is planned to last; the learning rate follows it.
    public enum Length: Sendable, Codable, Equatable {
        case steps(Int)
        /// Time spent training, interruptions not counted.
        case minutes(Double)
    }

    /// How the learning rate goes after the warm-up.
    public enum Schedule: Sendable, Codable, Equatable {
        /// Half a cosine down to a fiftieth, at the planned end.
        case cosine
        /// As high as it was: such a run can always go on.
        case constant
        /// As high as it was up to a step, from there in a straight line down to a fiftieth at the planned end, which is counted in steps.
        case decay(from: Int)
    }

    /// Holds the checkpoint and the log.
    public var folder: URL
    public var length: Length
    /// Examples per step.
    public var batch: Int
    /// The highest learning rate, reached after the warm-up.
    public var learningRate: Double
    public var schedule: Schedule
    /// Steps over which the learning rate rises from nothing.
    public var warmUp: Int
    /// Decides the first parameters and every batch.
    public var seed: UInt64
    /// Seconds of training between checkpoints: at most this much is lost when the program is killed.
    public var checkpointInterval: Double
    /// Seconds of training between measurements on held-out scenes.
    public var evaluationInterval: Double
    /// Whether to go on from the checkpoint in the folder, if there is one.
    public var resumes: Bool

    public init(
        folder: URL, length: Length, batch: Int, learningRate: Double, schedule: Schedule = .cosine, warmUp: Int = 100, seed: UInt64 = 1,
        checkpointInterval: Double = 60,
        evaluationInterval: Double = 120, resumes: Bool = false
    ) {
        self.folder = folder
        self.length = length
        self.batch = batch
        self.learningRate = learningRate
        self.schedule = schedule
        self.warmUp = warmUp
        self.seed = seed
        self.checkpointInterval = checkpointInterval
        self.evaluationInterval = evaluationInterval
        self.resumes = resumes
    }

    /// The part of the planned length that is done, 0…1.
    func progress(step: Int, seconds: Double) -> Double {
        switch length {
        case .steps(let count): min(Double(step) / Double(max(count, 1)), 1)
        case .minutes(let minutes): min(seconds / max(minutes * 60, .leastNonzeroMagnitude), 1)
        }
    }

    /// The learning rate: a linear warm-up, and from there as the schedule says.
    func learningRate(step: Int, progress: Double) -> Double {
        let rise = min(Double(step + 1) / Double(max(warmUp, 1)), 1)
        let floor = 0.02
        let fall =
            switch schedule {
            case .cosine: (1 + cos(.pi * progress)) / 2
            case .constant: 1.0
            case .decay(let start): 1 - part(of: step, from: start)
            }
        return learningRate * rise * (floor + (1 - floor) * fall)
    }

    /// How slowly averages follow, where they usually do so at `usual`: while the learning rate decays they must not remember what was
    /// before for longer than a tenth of the decay.
    func averaging(_ usual: Double) -> Double {
        guard case .decay(let start) = schedule, case .steps(let end) = length else { return usual }
        return min(usual, 1 - 10 / Double(max(end - start, 20)))
    }

    /// How far a step is from `start` to the planned end, 0…1.
    private func part(of step: Int, from start: Int) -> Double {
        guard case .steps(let end) = length, end > start else { return 0 }
        return min(max(Double(step - start) / Double(end - start), 0), 1)
    }
}
