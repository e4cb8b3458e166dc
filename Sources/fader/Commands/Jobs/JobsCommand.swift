import ArgumentParser
import Foundation
import Jobs

/// `fader jobs …`: the queue of jobs.
struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "List, follow, cancel and repeat the work that was left to the queue.",
        discussion: """
            Commands with --queue leave their work here. One program at a time does it, in the order in which it was queued; where none does, \
            --queue starts one in the background. Up to \(JobQueue.capacity) jobs wait. They outlive the programs: what was cut off goes on \
            with the next worker.
            """,
        subcommands: [
            JobsList.self, JobsShow.self, JobsWatch.self, JobsCancel.self, JobsRetry.self, JobsClear.self, JobsWork.self,
        ],
        defaultSubcommand: JobsList.self)

    static func queue() throws -> JobQueue { try JobQueue(environment: ProcessInfo.processInfo.environment) }
}

struct JobsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what runs, what waits and what has ended (the default).")

    @Option(name: [.customShort("n", allowingJoined: true), .long], help: ArgumentHelp("How many ended jobs to list.", valueName: "count"))
    var count = 20

    @Flag(help: "List as JSON.")
    var json = false

    @OptionGroup var options: EngineOptions

    func validate() throws {
        if count < 0 { throw ValidationError("-n must be at least 0.") }
    }

    func run() throws {
        let queue = try JobsCommand.queue()
        let jobs = try queue.jobs(limit: count)
        if json { return try Files.printJSON(jobs) }
        if jobs.isEmpty { return try StandardOutput.print("There are no jobs; commands with --queue make some.") }
        let now = Date.now
        let table = TextTable(head: ["job", "state", "done", "left", "since", "what"], isNumber: [true, false, true, true, false, false])
        try StandardOutput.print(
            table.text(
                jobs.map {
                    [String($0.id), $0.stateText, $0.progressText, $0.timeLeft(at: now) ?? "", $0.sinceText, $0.title.shortened(to: 100)]
                }))
        if try jobs.contains(where: { !$0.state.isFinal }) && !WorkerLock.isHeld(in: queue.folder) {
            StandardError.say("Nobody works on the queue; fader jobs work does.")
        }
    }
}

struct JobsShow: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Tell all that is known of a job.")

    @Argument(help: "The job's number.")
    var job: Int64

    @Flag(help: "Tell it as JSON, with the events.")
    var json = false

    @OptionGroup var options: EngineOptions

    func run() throws {
        let queue = try JobsCommand.queue()
        let job = try queue.job(job)
        if json { return try Files.printJSON(Details(job: job, events: queue.events(of: job.id))) }
        var lines = [("job", String(job.id)), ("what", job.title), ("state", job.stateText)]
        if let progress = job.progress, !job.state.isFinal { lines.append(("done", "\(Int(progress * 100)) %, \(job.stage ?? "")")) }
        if let error = job.error { lines.append(("why", error)) }
        for file in job.result?.files ?? [] { lines.append(("file", file)) }
        if job.attempts > 1 { lines.append(("begun", "\(job.attempts) times")) }
        let times = [("queued", job.queued), ("started", job.started), ("ended", job.finished)]
        lines += times.compactMap { name, time in time.map { (name, $0.text) } }
        let text = lines.map { "\($0.0.padding(to: 8))\($0.1.escaped)" } + (job.result?.text.map { ["", $0] } ?? [])
        try StandardOutput.print(text.joined(separator: "\n"))
    }

    private struct Details: Encodable {
        let job: Job
        let events: [JobEvent]
    }
}

/// The jobs that a command is about.
struct JobNumbers: ParsableArguments {
    @Argument(help: "The jobs' numbers.")
    var jobs: [Int64]
}

struct JobsCancel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "End jobs: those that wait at once, one that runs at its next step.")

    @OptionGroup var numbers: JobNumbers
    @OptionGroup var options: EngineOptions

    func run() throws {
        let queue = try JobsCommand.queue()
        for id in numbers.jobs {
            let job = try queue.cancel(id)
            try StandardOutput.print("Job \(id) \(job.state == .running ? "ends at its next step" : "is cancelled").")
        }
        // A worker that died can cancel nothing.
        if try numbers.jobs.contains(where: { try queue.job($0).state == .running }) && !WorkerLock.isHeld(in: queue.folder) {
            try BackgroundWorker.start(for: queue)
        }
    }
}

struct JobsRetry: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Queue jobs again that failed or were cancelled; training goes on from where it was saved.")

    @OptionGroup var numbers: JobNumbers
    @OptionGroup var options: EngineOptions

    func run() throws {
        let queue = try JobsCommand.queue()
        for id in numbers.jobs {
            try queue.retry(id)
            try StandardOutput.print("Job \(id) is queued.")
        }
        try BackgroundWorker.start(for: queue)
    }
}

struct JobsClear: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear", abstract: "Forget all jobs that have ended. The files that commands have written stay.")

    @OptionGroup var options: EngineOptions

    func run() throws {
        let count = try JobsCommand.queue().clear()
        try StandardOutput.print("\(count) job\(count == 1 ? "" : "s") forgotten.")
    }
}

extension Job {
    fileprivate var stateText: String { isCancelling ? "cancelling" : state.rawValue }

    fileprivate var progressText: String {
        guard state == .running || state == .completed, let progress else { return "" }
        return "\(Int(progress * 100)) %"
    }

    /// When it came to be as it is.
    fileprivate var sinceText: String { (finished ?? started ?? queued).text }
}

extension Date {
    /// In the user's time zone, to the minute.
    fileprivate var text: String {
        formatted(.iso8601.year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: false))
    }
}

extension String {
    fileprivate func shortened(to length: Int) -> String { count > length ? prefix(length - 1) + "…" : self }
}
