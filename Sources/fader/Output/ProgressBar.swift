import Foundation
import Steering

/// One line on standard error that says how far the work is; silent when that is no terminal. A program that started this one is told as well.
final class ProgressBar: Sendable {
    private let isShown: Bool

    init(quiet: Bool) {
        isShown = !quiet && StandardError.isTerminal
    }

    func show(_ progress: WorkProgress) {
        ProgressChannel.inherited?.send(progress)
        show(stage: progress.stage.rawValue, step: progress.step, count: progress.count)
    }

    func show(stage: String, step: Int, count: Int) {
        guard isShown, count > 0 else { return }
        let width = 30
        let done = max(0, min(width, Int(Double(width) * Double(step) / Double(count))))
        let bar = String(repeating: "━", count: done) + String(repeating: "─", count: width - done)
        StandardError.write("\r\u{1B}[K\(stage.escaped) \(bar) \(step)/\(count)")
    }

    /// Shows a line of text, cut to what one line of the terminal holds.
    func show(line: String) {
        guard isShown else { return }
        var size = winsize()
        let width = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1 ? Int(size.ws_col) - 1 : 79
        StandardError.write("\r\u{1B}[K\(line.escaped.prefix(width))")
    }

    /// Leaves the line as if nothing had been there.
    func clear() {
        if isShown { StandardError.write("\r\u{1B}[K") }
    }
}
