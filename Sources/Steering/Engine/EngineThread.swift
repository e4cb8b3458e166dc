import Foundation

/// One thread of its own that runs an actor's work: libtorch keeps its modes and its team of workers per thread.
///
/// New calls and the steps of calls that have given way take turns: of either, what came first. So a new call begins after at most one step of
/// another for each new call before it, and what has begun goes on however many are made. Calls in the background go on when nothing else waits.
final class EngineThread: SerialExecutor, @unchecked Sendable {
    private struct BackgroundCall {
        let number: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private enum Work {
        case job(UnownedJob)
        case resumption(CheckedContinuation<Void, Never>)
    }

    // All of these are touched only under `condition`.
    private let condition = NSCondition()
    /// New calls, and the one that returns.
    private var jobs: [UnownedJob] = []
    /// Calls that have given way.
    private var begun: [CheckedContinuation<Void, Never>] = []
    private var background: [BackgroundCall] = []
    /// Whether a call was told to go on and is not here yet: Swift brings it back as another job. One at a time does, or they would all be
    /// before a call that comes meanwhile.
    private var isReturning = false
    private var isTurnOfJobs = true
    private var nextNumber = 0
    private var isStopped = false

    init(name: String) {
        let thread = Thread { [self] in run() }
        thread.name = name
        thread.stackSize = 16 << 20
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        change { jobs.append(job) }
    }

    /// Ends the thread once nothing is left to do.
    func stop() { change { isStopped = true } }

    /// How many calls wait for the thread, without those in the background.
    var waitingCount: Int { condition.withLock { jobs.count + begun.count } }

    /// Whether any call at all waits for the thread.
    var isWaitedFor: Bool { condition.withLock { !(jobs.isEmpty && begun.isEmpty && background.isEmpty) } }

    /// Goes on with a call behind the others that have begun. When it is back on this thread, it says so by `hasReturned()`.
    func resumeInTurn(_ continuation: CheckedContinuation<Void, Never>) { change { begun.append(continuation) } }

    /// Goes on with a call once nothing else waits. When it is back on this thread, it says so by `hasReturned()`.
    /// - Parameter number: one of its own, by which it can be hurried.
    func resumeInBackground(_ continuation: CheckedContinuation<Void, Never>, _ number: Int) {
        change { background.append(BackgroundCall(number: number, continuation: continuation)) }
    }

    func hasReturned() { change { (isReturning, isTurnOfJobs) = (false, true) } }

    /// A number that no other call has.
    func newNumber() -> Int {
        condition.withLock {
            nextNumber += 1
            return nextNumber
        }
    }

    /// Lets a call in the background go on in turn, if it waits.
    func hurry(_ number: Int) {
        change {
            guard let place = background.firstIndex(where: { $0.number == number }) else { return }
            begun.append(background.remove(at: place).continuation)
        }
    }

    private func change(_ body: () -> Void) {
        condition.withLock {
            body()
            condition.signal()
        }
    }

    private func run() {
        while let work = next() {
            switch work {
            case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
            case .resumption(let continuation): continuation.resume()
            }
        }
    }

    private func next() -> Work? {
        condition.withLock {
            while true {
                if !jobs.isEmpty, isTurnOfJobs || isReturning || begun.isEmpty {
                    isTurnOfJobs = false
                    return .job(jobs.removeFirst())
                }
                if !isReturning, let continuation = begun.isEmpty ? background.first?.continuation : begun.first {
                    if begun.isEmpty { background.removeFirst() } else { begun.removeFirst() }
                    isReturning = true
                    return .resumption(continuation)
                }
                if isStopped && !isReturning { return nil }
                condition.wait()
            }
        }
    }
}
