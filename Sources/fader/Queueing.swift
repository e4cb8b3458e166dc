import ArgumentParser
import Foundation
import Jobs

/// The option of commands that take long.
struct Queueing: ParsableArguments {
    @Flag(help: "Leave the work to the queue of jobs, and return at once; see fader jobs.")
    var queue = false
}

/// A command that the queue of jobs takes.
protocol QueueableCommand: ParsableCommand {
    var queueing: Queueing { get }
    /// The files that it reads.
    var inputs: [String] { get }
    /// The files or the folder that it writes.
    var results: [String] { get }
    /// What is added to its arguments where it goes on after it was cut off.
    var continuation: [String] { get }
    /// Refuses what would fail as soon as it began.
    func check() throws
}

extension QueueableCommand {
    var continuation: [String] { [] }

    /// Queues the command in place of running it, and sees to it that somebody works on the queue.
    /// - Parameter arguments: those that the command was parsed from, without the program's name.
    func enqueue(_ arguments: [String]) throws {
        if (inputs + results).contains("-") { throw ValidationError("--queue works with files: - cannot be read or written later.") }
        try check()
        for input in inputs { try Files.requireReadable(input) }
        let queue = try JobQueue(environment: ProcessInfo.processInfo.environment)
        let job = try queue.add(.command(job(arguments)))
        try BackgroundWorker.start(for: queue)
        try StandardOutput.print("Job \(job.id) is queued; fader jobs watch \(job.id) follows it.")
    }

    private func job(_ arguments: [String]) -> CommandJob {
        var arguments = arguments
        if let place = arguments.firstIndex(of: "--queue") { arguments.remove(at: place) }
        let directory = FileManager.default.currentDirectoryPath
        let environment = ProcessInfo.processInfo.environment
        // Where packs are found must not depend on who works on the queue.
        let names = ["FADER_PACK", "HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME", "XDG_DATA_DIRS", "XDG_DATA_HOME"]
        return CommandJob(
            arguments: arguments, continuation: continuation, directory: directory,
            environment: Dictionary(uniqueKeysWithValues: names.map { ($0, environment[$0]) }),
            files: results.map { URL(fileURLWithPath: $0).standardizedFileURL.path })
    }
}

/// `fader jobs work` as a program of its own, which ends when nothing waits any more.
enum BackgroundWorker {
    /// How long it waits for another job, in seconds.
    private static let idleTime = 15
    /// How long its log becomes, in bytes, before it is begun anew.
    private static let longestLog: off_t = 1 << 20

    /// Starts it unless a program works on the queue already.
    static func start(for queue: JobQueue) throws {
        if try WorkerLock.isHeld(in: queue.folder) { return }
        let silence = open("/dev/null", O_RDWR | O_CLOEXEC)
        let log = open(queue.folder.appendingPathComponent("worker.log").path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { for descriptor in [silence, log] where descriptor >= 0 { close(descriptor) } }
        var status = stat()
        if fstat(log, &status) == 0, status.st_size > longestLog { ftruncate(log, 0) }
        let output = log >= 0 ? log : silence
        _ = try ChildProgram(
            Files.program, ["jobs", "work", "--idle", String(idleTime)], environment: ProcessInfo.processInfo.environment, directory: "/",
            descriptors: [silence, output, output], isDetached: true
        ).start()
    }
}
