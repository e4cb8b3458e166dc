import ArgumentParser
import Foundation
import Steering
import Tensors

/// Starts the command that the arguments name; exit codes are 0 done, 1 failed, 2 bad usage, 130 interrupted.
@main
enum Main {
    static func main() {
        MappedFileGuard.install()
        do {
            ProgressChannel.inherited?.endWithOtherEnd()
            let arguments = Array(CommandLine.arguments.dropFirst())
            var command = try Fader.parseAsRoot(arguments)
            if let queueable = command as? any QueueableCommand, queueable.queueing.queue {
                try queueable.enqueue(arguments)
            } else {
                try command.run()
            }
            leave(0)
        } catch is CancellationError {
            leave(130)
        } catch {
            finish(with: error)
        }
    }

    private static func finish(with error: any Error) -> Never {
        let code = Fader.exitCode(for: error)
        if code.isSuccess {
            try? StandardOutput.print(Fader.fullMessage(for: error))
            leave(0)
        }
        if code == .validationFailure {
            // Usage takes several lines.
            StandardError.write(Fader.fullMessage(for: error).escapedLines + "\n")
            leave(2)
        }
        if !(error is ExitCode) { StandardError.say("Error: \(Sentence.of(error))") }
        leave(1)
    }
}
