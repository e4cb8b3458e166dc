import Foundation
import Steering
import Terminal

/// The line that tells what is going on, and with what.
extension Painter {
    mutating func drawStatus(_ state: State, row: Int) {
        let facts = state.facts.joined(separator: " · ")
        let columns = canvas.size.columns
        write(facts, endingAt: columns - 1, row: row, columns: columns / 2, style: theme.faint)
        let room = columns - glyphs.spelled(facts).columns - 4
        if let notice = state.notice {
            write(notice.text, column: 1, row: row, columns: room, style: notice.isError ? theme.error : theme.title)
        } else {
            write(state.activity, column: 1, row: row, columns: room, style: theme.text)
        }
    }
}

extension State {
    /// What is being done, in a few words.
    var activity: String {
        switch phase {
        case .opening(let progress): return "opening the pack\(progress.described)"
        case .analysing(let progress):
            return "looking at the picture\(progress.described)"
        case .failed: return "press q to quit"
        case .ready: break
        }
        guard let running = renders.running else { return "ready" }
        if running.isInverting { return "inverting the picture\(running.progress.described)" }
        return "\(running.quality == .full ? "rendering" : "previewing")\(running.progress.described)"
    }

    /// With what it is done.
    fileprivate var facts: [String] {
        guard let pack else { return [options.pack.lastPathComponent] }
        let seconds = renders.lastFullSeconds.map { [String(format: "%.2f s", $0)] } ?? []
        return seconds + ["\(pack.device) \(pack.dataType)", pack.name]
    }
}

extension WorkProgress? {
    fileprivate var described: String { map { ", step \($0.step)/\($0.count)" } ?? "" }
}
