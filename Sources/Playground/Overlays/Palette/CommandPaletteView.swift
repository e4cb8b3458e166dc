import Terminal

/// The command palette: what is typed, and the commands that match.
extension CommandPalette {
    func area(in layout: Layout) -> Rectangle? { layout.palette }

    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) { painter.draw(self, state.bindings, layout) }

    func hints(in state: State) -> [KeyHint] { [("↑ ↓", "select"), ("Enter", "run"), ("Esc", "cancel")] }
}

extension Painter {
    fileprivate mutating func draw(_ palette: CommandPalette, _ bindings: Bindings, _ layout: Layout) {
        let frame = layout.palette
        canvas.fill(frame)
        box(frame, title: "command palette", hasFocus: true)
        let area = frame.inset
        let used = write(": ", column: area.column + 1, row: area.row, columns: area.columns - 3, style: theme.keyName)
        draw(palette.search, column: area.column + 1 + used, row: area.row, columns: area.columns - 2 - used, style: theme.keyName)
        let matches = palette.matches(in: bindings)
        let rows = layout.paletteRows
        for (offset, binding) in matches.dropFirst(palette.selection.top).prefix(rows.rows).enumerated() {
            let row = Rectangle(column: rows.column, row: rows.row + offset, columns: rows.columns, rows: 1)
            draw(binding, isSelected: palette.selection.top + offset == palette.selection.row, in: row)
        }
        if matches.isEmpty {
            write("No matching command.", column: area.column + 1, row: area.row + 1, columns: area.columns - 2, style: theme.faint)
        }
    }

    private mutating func draw(_ binding: Binding, isSelected: Bool, in row: Rectangle) {
        write(binding.help, column: row.column + 1, row: row.row, columns: row.columns - 20, style: theme.text)
        write(binding.names, endingAt: row.endColumn - 1, row: row.row, columns: 17, style: theme.keyName)
        if isSelected { canvas.restyle(row) { $0 = theme.selection } }
    }
}
