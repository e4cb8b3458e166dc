import Foundation
import Steering

/// Does the jobs of a queue, one after the other.
///
/// Pictures are made on an engine of this program, where other calls go first, between two steps; commands run as programs of their own.
public struct JobWorker: Sendable {
    private let queue: JobQueue
    private let program: URL
    private let engines: JobEngines
    private let log: @Sendable (String) -> Void
    private let sentence: @Sendable (any Error) -> String

    /// - Parameters:
    ///   - queue: the jobs.
    ///   - program: the fader program, for jobs that are commands.
    ///   - engine: one that has a pack open, for pictures that are made with that pack.
    ///   - device: `auto`, `cpu` or `cuda:N`, for other packs, as are `dataType` and `threads`.
    ///   - dataType: `auto`, `float32`, `bfloat16` or `float16`.
    ///   - threads: how many threads one operation uses; nil takes what suits the pack.
    ///   - log: is told what a log should say.
    ///   - sentence: what people are told of an error.
    public init(
        _ queue: JobQueue, program: URL, engine: (engine: Engine, pack: PackSummary)? = nil, device: String = "auto",
        dataType: String = "auto", threads: Int? = nil, log: @escaping @Sendable (String) -> Void = { _ in },
        sentence: @escaping @Sendable (any Error) -> String = { ($0 as? any LocalizedError)?.errorDescription ?? "\($0)" }
    ) {
        self.queue = queue
        self.program = program
        engines = JobEngines(shared: engine, device: device, dataType: dataType, threads: threads)
        self.log = log
        self.sentence = sentence
    }

    /// Works until the task is cancelled, whenever no other program does: then the job in hand stops at its next step and is queued anew.
    /// - Throws: `CancellationError`; `JobError` when the queue cannot be used any more.
    public func run() async throws {
        while true {
            if let lock = try WorkerLock.take(in: queue.folder) { try await work(holding: lock, idle: nil) }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    /// Works until no job has waited for some time.
    /// - Throws: `JobError.workerIsRunning` when another program works on the queue; otherwise as `run()`.
    public func run(idle: Duration) async throws {
        guard let lock = try await takeLock() else { throw JobError.workerIsRunning }
        try await work(holding: lock, idle: idle)
        // For what was queued while this one still had the lock, no other was started.
        while try queue.hasWaiting(), let lock = try await takeLock() { try await work(holding: lock, idle: idle) }
    }

    /// Those who only look whether the lock is held have it for a moment, and a command whose worker has died until it has saved.
    private func takeLock() async throws -> WorkerLock? {
        var attempts = 20
        while attempts > 0 {
            if let lock = try WorkerLock.take(in: queue.folder) { return lock }
            if !WorkerLock.isLeftBehind(in: queue.folder) { attempts -= 1 }
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    private func work(holding lock: WorkerLock, idle: Duration?) async throws {
        defer { lock.release() }
        try queue.recover(holding: lock)
        try? FileManager.default.removeItem(at: scratch)
        var idleSince = ContinuousClock.now
        while true {
            try Task.checkCancellation()
            let last = try queue.lastEvent()
            if let job = try queue.start(holding: lock) {
                try await perform(job, holding: lock)
                idleSince = .now
                continue
            }
            let rest = idle.map { $0 - (ContinuousClock.now - idleSince) } ?? .seconds(60)
            if rest <= .zero { return }
            _ = try await queue.nextEvents(after: last, timeout: rest)
        }
    }

    /// Does one job, and notes how it ended.
    private func perform(_ job: Job, holding lock: WorkerLock) async throws {
        log("job \(job.id) begins: \(job.title)")
        let work = Task { try await result(of: job, holding: lock) }
        let watch = Task {
            while !Task.isCancelled {
                if (try? queue.isCancelling(job.id)) == true { return work.cancel() }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        let outcome = await withTaskCancellationHandler {
            await work.result
        } onCancel: {
            work.cancel()
        }
        watch.cancel()
        switch outcome {
        case .success(let result):
            try queue.complete(job.id, result)
            log("job \(job.id) is completed")
        case .failure where work.isCancelled:
            try queue.stopped(job.id)
            log("job \(job.id) is stopped")
        case .failure(let error):
            try queue.fail(job.id, because: sentence(error))
            log("job \(job.id) failed: \(sentence(error))")
        }
    }

    private func result(of job: Job, holding lock: WorkerLock) async throws -> JobResult {
        let recorder = ProgressRecorder(queue, job: job.id)
        switch try job.request() {
        case .render(let render):
            let opened = try await engines.engine(with: render.pack) { recorder.record($0) }
            try makeFolder(queue.resultsFolder)
            return try await render.run(on: opened, file: queue.resultFile(of: job)) { recorder.record($0) }
        case .edit(let edit):
            let opened = try await engines.engine(with: edit.pack) { recorder.record($0) }
            return try await edit.run(on: opened) { progress in
                recorder.record(progress, always: progress.stage == .rendering && progress.step % EditJob.reportedSteps == 0)
            }
        case .command(let command):
            try makeFolder(scratch)
            defer { try? FileManager.default.removeItem(at: scratch) }
            return try await command.run(program, isContinued: job.attempts > 1, in: scratch, holding: lock) { recorder.record($0) }
        }
    }

    /// For what commands print while they run.
    private var scratch: URL { queue.folder.appendingPathComponent("running") }

    private func makeFolder(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw JobError.unusableFolder(folder.path)
        }
    }
}
