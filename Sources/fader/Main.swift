import ArgumentParser
import Foundation
import Tensors

/// Starts the command that the arguments name; exit codes are 0 done, 1 failed, 2 bad usage, 130 interrupted.
@main
enum Main {
    static func main() {
        MappedFileGuard.install()
        do {
            var command = try Fader.parseAsRoot()
            try command.run()
            leave(0)
        } catch is CancellationError {
            leave(130)
        } catch {
            finish(with: error)
        }
    }

    private static func finish(with error: any Error) -> Never {
        let code = Fader.exitCode(for: error)
        let message = Fader.fullMessage(for: error)
        if code.isSuccess {
            print(message)
            leave(0)
        }
        StandardError.write(message.isEmpty ? "" : message + "\n")
        leave(code == .validationFailure ? 2 : 1)
    }
}
