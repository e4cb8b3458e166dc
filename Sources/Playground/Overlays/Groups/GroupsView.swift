import Terminal

/// Saved groups, over the middle of the screen.
extension GroupList {
    func area(in layout: Layout) -> Rectangle? { layout.palette }

    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) { painter.drawGroups(self, state, in: layout.palette) }

    func hints(in state: State) -> [KeyHint] { [("↑ ↓", "select"), ("Enter", "add"), ("Esc", "cancel")] }
}

extension Painter {
    fileprivate mutating func drawGroups(_ groups: GroupList, _ state: State, in frame: Rectangle) {
        canvas.fill(frame)
        box(frame, title: "saved groups", hasFocus: true)
        let area = frame.inset
        let top = groups.selection.top
        for (offset, group) in groups.groups.dropFirst(top).prefix(area.rows).enumerated() {
            let row = Rectangle(column: area.column, row: area.row + offset, columns: area.columns, rows: 1)
            let members = group.members.map { state.features.list[$0.feature]?.name ?? "feature \($0.feature)" }.joined(separator: ", ")
            let used = write(group.name, column: row.column + 1, row: row.row, columns: row.columns / 2, style: theme.text)
            write(members, column: row.column + used + 3, row: row.row, columns: row.columns - used - 4, style: theme.faint)
            if top + offset == groups.selection.row { canvas.restyle(row) { $0 = theme.selection } }
        }
    }
}
