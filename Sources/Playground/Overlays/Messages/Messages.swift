import Terminal

/// What the status line has said, the newest last.
struct Messages: TextOverlay {
    var text = ScrolledText(atEnd: true)
    let afterOtherKeys = Response.passed

    private static func lines(_ state: State) -> [Notice] {
        let columns = state.layout.browser.inset.columns - 2
        return state.notices.past.flatMap { notice in
            notice.text.lines(ofColumns: columns).map { Notice(text: $0, isError: notice.isError) }
        }
    }

    func size(in state: State) -> ScrolledText.Size {
        ScrolledText.Size(lines: Self.lines(state).count, rows: state.layout.browser.inset.rows)
    }

    func area(in layout: Layout) -> Rectangle? { layout.browser }

    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) {
        let frame = layout.browser
        painter.canvas.fill(frame)
        painter.box(frame, title: "messages", hasFocus: true)
        let area = frame.inset
        for (offset, line) in Self.lines(state).dropFirst(text.top).prefix(area.rows).enumerated() {
            painter.write(
                line.text, column: area.column + 1, row: area.row + offset, columns: area.columns - 2,
                style: line.isError ? painter.theme.error : painter.theme.text)
        }
    }

    func hints(in state: State) -> [KeyHint] { [("↑ ↓", "scroll"), ("Esc", "close")] }
}
