import Synchronization

/// Tells how long a stage will still take, by the pace of its steps so far.
final class StepClock: Sendable {
    private struct Stage {
        let stage: WorkProgress.Stage
        let count, firstStep: Int
        let start: ContinuousClock.Instant
    }

    private let stage = Mutex<Stage?>(nil)

    /// In seconds; less is not worth telling.
    private static let leastLeft = 3.0

    /// - Returns: what tells `report` the same, with the time that is left.
    static func timed(_ report: @escaping @Sendable (WorkProgress) -> Void) -> @Sendable (WorkProgress) -> Void {
        let clock = StepClock()
        return { report(clock.timed($0, at: .now)) }
    }

    func timed(_ progress: WorkProgress, at now: ContinuousClock.Instant) -> WorkProgress {
        stage.withLock { stage in
            guard let known = stage, known.stage == progress.stage, known.count == progress.count, known.firstStep <= progress.step else {
                stage = Stage(stage: progress.stage, count: progress.count, firstStep: progress.step, start: now)
                return progress
            }
            guard progress.step > known.firstStep else { return progress }
            let pace = (now - known.start) / .seconds(1) / Double(progress.step - known.firstStep)
            let left = pace * Double(progress.count - progress.step)
            var timed = progress
            timed.secondsLeft = left >= Self.leastLeft ? left : nil
            return timed
        }
    }
}
