import Foundation

/// One thread of its own that runs an actor's work: libtorch keeps its modes and its team of workers per thread.
final class EngineThread: SerialExecutor, @unchecked Sendable {
    // `jobs` and `isStopped` are touched only under `condition`.
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var isStopped = false

    init(name: String) {
        let thread = Thread { [self] in run() }
        thread.name = name
        thread.stackSize = 16 << 20
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        condition.lock()
        jobs.append(UnownedJob(job))
        condition.signal()
        condition.unlock()
    }

    /// Ends the thread once nothing is left to do.
    func stop() {
        condition.lock()
        isStopped = true
        condition.signal()
        condition.unlock()
    }

    /// Does all that waits, in the middle of what is being done; for calls on this thread alone.
    func runWaiting() {
        while let job = next(waits: false) { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    private func run() {
        while let job = next(waits: true) { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    private func next(waits: Bool) -> UnownedJob? {
        condition.lock()
        defer { condition.unlock() }
        while waits && jobs.isEmpty && !isStopped { condition.wait() }
        return jobs.isEmpty ? nil : jobs.removeFirst()
    }
}
