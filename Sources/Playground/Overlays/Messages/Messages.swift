import Terminal

/// What the status line has said, the newest last.
struct Messages: Overlay {
    /// How many rows it is scrolled down; at first, as far as there is text.
    private var top = Int(Int32.max)

    private static func lines(_ state: State) -> [Notice] {
        let columns = state.layout.browser.inset.columns - 2
        return state.notices.past.flatMap { notice in
            notice.text.lines(ofColumns: columns).map { Notice(text: $0, isError: notice.isError) }
        }
    }

    mutating func press(_ press: KeyPress, _ state: inout State) -> Response {
        guard let movement = state.movement(of: press) else { return .passed }
        scroll(movement, state)
        return .stays()
    }

    mutating func point(_ event: MouseEvent, _ state: inout State) -> Response {
        if let movement = ListSelection.Movement(wheel: event) { scroll(movement, state) }
        return .stays()
    }

    mutating func settle(_ state: inout State) -> [Effect] {
        scroll(.rows(0), state)
        return []
    }

    private mutating func scroll(_ movement: ListSelection.Movement, _ state: State) {
        let rows = state.layout.browser.inset.rows
        top = movement.scrolled(from: top, page: rows, last: max(0, Self.lines(state).count - rows))
    }

    func area(in layout: Layout) -> Rectangle? { layout.browser }

    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) {
        let frame = layout.browser
        painter.canvas.fill(frame)
        painter.box(frame, title: "messages", hasFocus: true)
        let area = frame.inset
        for (offset, line) in Self.lines(state).dropFirst(top).prefix(area.rows).enumerated() {
            painter.write(
                line.text, column: area.column + 1, row: area.row + offset, columns: area.columns - 2,
                style: line.isError ? painter.theme.error : painter.theme.text)
        }
    }

    func hints(in state: State) -> [KeyHint] { [("↑ ↓", "scroll"), ("Esc", "close")] }
}
