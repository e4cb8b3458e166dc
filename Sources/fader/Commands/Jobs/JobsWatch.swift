import ArgumentParser
import Foundation
import Jobs
import Steering

struct JobsWatch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Follow a job, or all jobs, to the end.",
        discussion: "The exit code is 0 when what was followed is completed. Ctrl-C ends the watching, not the work.")

    @Argument(help: "The job's number; without it, all jobs are followed until none runs or waits.")
    var job: Int64?

    @Flag(help: "Print each event as a line of JSON.")
    var json = false

    @OptionGroup var options: EngineOptions

    func run() throws {
        let queue = try JobsCommand.queue()
        let watched = try job.map { [try queue.job($0)] } ?? queue.jobs(limit: 0)
        let bar = ProgressBar(quiet: options.quiet || json)
        let (id, json) = (job, json)
        try Interruption.cancellable {
            defer { bar.clear() }
            var followed = Set(watched.map(\.id))
            var open = Set(watched.filter { !$0.state.isFinal }.map(\.id))
            var last = id == nil ? try queue.lastEvent() : 0
            if id != nil, open.isEmpty { try Self.replay(queue, watched, json) }
            while !open.isEmpty {
                for event in try await queue.nextEvents(after: last, of: id, limit: 100) {
                    last = event.number
                    try Self.show(event, queue, bar, json)
                    if event.kind == .queued { followed.insert(event.job) }
                    // A job that was tried again has ended before, and is open again.
                    if event.kind.isFinal, Self.state(of: event.job, queue)?.isFinal != false { open.remove(event.job) }
                    if event.kind == .queued, id == nil { open.insert(event.job) }
                }
            }
            if followed.contains(where: { Self.state(of: $0, queue).map { $0 != .completed } ?? false }) { throw ExitCode.failure }
        }
    }

    /// Nil where the job has been forgotten.
    private static func state(of job: Int64, _ queue: JobQueue) -> Job.State? { try? queue.job(job).state }

    /// What happened to jobs that have ended.
    private static func replay(_ queue: JobQueue, _ jobs: [Job], _ json: Bool) throws {
        let bar = ProgressBar(quiet: true)
        for job in jobs { for event in try queue.events(of: job.id) { try show(event, queue, bar, json) } }
    }

    private static func show(_ event: JobEvent, _ queue: JobQueue, _ bar: ProgressBar, _ json: Bool) throws {
        if json { return try Files.printJSON(event) }
        switch event.kind {
        case .progress:
            guard let step = event.step, let steps = event.steps else { return }
            bar.show(stage: event.stage ?? "", step: step, count: steps)
        case .preview: break
        case .queued, .started, .cancelled:
            bar.clear()
            try StandardOutput.print("Job \(event.job) is \(event.kind.rawValue).\(event.reason.map { " \($0)" } ?? "")")
        case .failed:
            bar.clear()
            try StandardOutput.print("Job \(event.job) failed: \(event.reason ?? "")")
        case .completed:
            bar.clear()
            let files = (try? queue.job(event.job))?.result?.files ?? []
            try StandardOutput.print("Job \(event.job) is completed" + (files.isEmpty ? "." : ": \(files.joined(separator: ", "))"))
        }
    }
}
