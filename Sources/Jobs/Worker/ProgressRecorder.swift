import Foundation
import Pictures
import Steering
import Synchronization

/// Notes how far a job is: what is worth an event, so that hours of work make some thousand.
final class ProgressRecorder: Sendable {
    private struct Noted {
        var line: ProgressChannel.Line
        var time: ContinuousClock.Instant
    }

    private let queue: JobQueue
    private let job: Int64
    private let start = ContinuousClock.now
    private let noted = Mutex<Noted?>(nil)

    init(_ queue: JobQueue, job: Int64) {
        self.queue = queue
        self.job = job
    }

    /// - Parameter always: whether it is worth an event however soon after the last.
    func record(_ progress: WorkProgress, always: Bool = false) {
        let line = ProgressChannel.Line(stage: progress.stage.rawValue, step: progress.step, count: progress.count)
        record(line, preview: progress.preview, always: always)
    }

    /// - Parameter preview: the picture so far.
    func record(_ line: ProgressChannel.Line, preview: Picture? = nil, always: Bool = false) {
        let isWorthIt = noted.withLock { noted in
            let now = ContinuousClock.now
            if let last = noted {
                if last.line == line { return false }
                let interval = max(.milliseconds(200), (now - start) / 500)
                let isTurn = always || line.stage != last.line.stage || line.step == line.count
                guard isTurn || now - last.time >= interval else { return false }
            }
            noted = Noted(line: line, time: now)
            return true
        }
        // What cannot be noted is noted with the next step, or else when the job ends.
        if isWorthIt { try? queue.report(line, preview: preview.flatMap { try? $0.pngData() }, of: job) }
    }
}
