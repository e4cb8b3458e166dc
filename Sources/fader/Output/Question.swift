import ArgumentParser
import Foundation

/// Questions that the user answers on the terminal.
enum Question {
    /// Goes on only when the answer is yes.
    /// - Throws: `CommandError.unanswered` where nobody can answer; `ExitCode.failure` where the answer is another; `CancellationError`.
    static func confirm(_ question: String, unless isAnswered: Bool) throws {
        if isAnswered { return }
        guard isatty(STDIN_FILENO) == 1 else { throw CommandError.unanswered(question) }
        StandardError.write("\(question.escaped) [y/N] ")
        // Within a task, Ctrl-C cancels that and ends no read.
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        while poll(&input, 1, 100) == 0 { try Task.checkCancellation() }
        let answer = readLine()?.trimmingCharacters(in: .whitespaces).lowercased()
        if answer != "y" && answer != "yes" { throw ExitCode.failure }
    }
}
