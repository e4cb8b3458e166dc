import Foundation
import Steering

/// One line on stderr that rewrites itself, when stderr is a terminal; a program that started this one is told in thousandths.
struct ProgressLine {
    private let isTerminal = isatty(STDERR_FILENO) == 1

    func show(_ name: String, step: Int, loss: Double, learningRate: Double, progress: Double, seconds: Double) {
        ProgressChannel.inherited?.send(.init(stage: name, step: Int(progress * 1000), count: 1000))
        guard isTerminal else { return }
        let left = progress > 0 ? Self.clock(seconds / progress * (1 - progress)) : "?"
        let filled = Int(progress * 24)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        let text = String(format: "%3.0f %%  step %d  loss %.4f  rate %.1e  %@ left", progress * 100, step, loss, learningRate, left)
        write("\r\u{1B}[K\(name) \(bar) \(text)")
    }

    func end() {
        if isTerminal { write("\n") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    private static func clock(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 359_999))
        return String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
    }
}
