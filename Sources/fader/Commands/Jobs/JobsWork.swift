import ArgumentParser
import Foundation
import Jobs

struct JobsWork: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work", abstract: "Do what waits in the queue, one job after the other.",
        discussion: """
            Ctrl-C stops the job in hand at its next step; it goes on with the next worker. Pictures are made here, commands run as programs of \
            their own, behind what people wait for.
            """)

    @Option(help: ArgumentHelp("End when nothing has waited for this long (default: work until Ctrl-C).", valueName: "seconds"))
    var idle: Double?

    @OptionGroup var options: EngineOptions

    func validate() throws {
        if let idle, !(0...1_000_000).contains(idle) { throw ValidationError("--idle must lie between 0 and 1,000,000.") }
    }

    func run() throws {
        let log = try Log(options.log)
        let isQuiet = options.quiet
        let worker = JobWorker(
            try JobsCommand.queue(), program: Files.program, device: options.device, dataType: options.dtype, threads: options.threads
        ) { line in
            log.write(line)
            if !isQuiet { StandardError.say("\(Date.now.formatted(.iso8601)) \(line)") }
        } sentence: {
            Sentence.of($0)
        }
        let idle = idle
        try Interruption.cancellable {
            // Nobody waits for a queue that another program works on already.
            if let idle { try await worker.run(idle: .seconds(idle)) } else { try await worker.run() }
        }
    }
}
