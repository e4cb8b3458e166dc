import Terminal

/// The command palette: what is typed, and the actions that fit.
extension Painter {
    mutating func drawPalette(_ palette: Palette, _ bindings: Bindings, in frame: Rectangle) {
        canvas.fill(frame)
        box(frame, title: "command palette", hasFocus: true)
        let area = frame.inset
        let used = write(": \(palette.text)", column: area.column + 1, row: area.row, columns: area.columns - 3, style: theme.keyName)
        canvas.write(" ", column: area.column + 1 + used, row: area.row, style: Style(reversed: true))
        let matches = palette.matches(in: bindings)
        let rows = area.rows - 1
        let top = max(0, palette.place - rows + 1)
        for (offset, binding) in matches.dropFirst(top).prefix(rows).enumerated() {
            let row = Rectangle(column: area.column, row: area.row + 1 + offset, columns: area.columns, rows: 1)
            draw(binding, isSelected: top + offset == palette.place, in: row)
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
