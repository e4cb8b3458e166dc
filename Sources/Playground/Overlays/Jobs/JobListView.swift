import Foundation
import Jobs
import Terminal

/// The queue of jobs, over the whole screen: a row for each with a bar, and what is to be said of the selected one below.
extension JobList {
    func area(in layout: Layout) -> Rectangle? { layout.browser }

    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) { painter.drawJobs(self, layout) }

    func hints(in state: State) -> [KeyHint] { [("↑ ↓", "select"), ("Enter", "open the picture"), ("x", "cancel"), ("Esc", "close")] }
}

extension Painter {
    private static let barColumns = 10

    fileprivate mutating func drawJobs(_ list: JobList, _ layout: Layout) {
        let frame = layout.browser
        canvas.fill(frame)
        box(frame, title: list.title, hasFocus: true)
        let rows = layout.jobRows
        guard let jobs = list.jobs, !jobs.isEmpty else {
            let text = list.jobs == nil ? "Looking at the queue…" : "There are no jobs; commands with --queue make some."
            write(text, column: rows.column + 1, row: rows.row, columns: rows.columns - 2, style: theme.faint)
            return
        }
        for (offset, job) in jobs.dropFirst(list.selection.top).prefix(rows.rows).enumerated() {
            let row = Rectangle(column: rows.column, row: rows.row + offset, columns: rows.columns, rows: 1)
            draw(job, at: list.time, in: row)
            guard list.selection.top + offset == list.selection.row else { continue }
            canvas.restyle(row) { $0 = theme.selection }
            canvas.write(String(glyphs.cursor), column: row.column, row: row.row, style: theme.selection)
        }
        if let selected = list.selected {
            write(
                selected.remark, column: rows.column + 1, row: rows.endRow, columns: rows.columns - 2,
                style: selected.state == .failed ? theme.error : theme.faint)
        }
    }

    private mutating func draw(_ job: Job, at time: Date, in row: Rectangle) {
        write(String(job.id), endingAt: row.column + 6, row: row.row, columns: 5, style: theme.faint)
        write(job.stateName, column: row.column + 7, row: row.row, columns: 10, style: job.state == .failed ? theme.error : theme.text)
        let bar = Rectangle(column: row.column + 18, row: row.row, columns: Self.barColumns, rows: 1)
        if job.state == .running, let progress = job.progress {
            self.bar(bar, knob: min(Int(progress * Double(bar.columns)), bar.columns - 1), glyph: glyphs.knob)
            write("\(Int(progress * 100)) %", endingAt: bar.endColumn + 6, row: row.row, columns: 5, style: theme.text)
            let left = job.timeLeft(at: time).map { "\($0) left" } ?? ""
            write(left, endingAt: bar.endColumn + 17, row: row.row, columns: 10, style: theme.faint)
        }
        let title = bar.endColumn + 19
        write(job.title, column: title, row: row.row, columns: max(0, row.endColumn - title - 1), style: theme.text)
    }
}

extension JobList {
    fileprivate var title: String {
        guard let jobs else { return "jobs" }
        let running = jobs.filter { $0.state == .running }.count
        let waiting = jobs.filter { $0.state == .queued }.count
        return "jobs · \(running) running · \(waiting) waiting"
    }
}

extension Job {
    fileprivate var stateName: String { isCancelling ? "cancelling" : state.rawValue }

    /// What is to be said of it: why it failed, what it has made, or what it is at.
    fileprivate var remark: String {
        switch state {
        case .failed: error ?? ""
        case .completed: result.flatMap { $0.files.first ?? $0.text } ?? ""
        case .running: steps > 0 ? "\(stage ?? "step") \(step) of \(steps)" : "begun"
        case .queued, .cancelled: ""
        }
    }
}

extension Layout {
    /// The rows of the list of jobs, above the line for the selected one.
    var jobRows: Rectangle {
        let area = browser.inset
        return Rectangle(column: area.column, row: area.row, columns: area.columns, rows: max(0, area.rows - 1))
    }
}
