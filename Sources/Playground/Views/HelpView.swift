import Terminal

/// The keys and what they do, over the middle of the screen.
extension Painter {
    private static let nameColumns = 18

    mutating func drawHelp(_ size: GridSize) {
        let bindings = Bindings.all
        let columns = 60
        let rows = min(bindings.count + 2, size.rows)
        let area = Rectangle(column: (size.columns - columns) / 2, row: (size.rows - rows) / 2, columns: columns, rows: rows)
        canvas.fill(area)
        box(area, title: "keys · any key leads back")
        for (offset, binding) in bindings.prefix(area.inset.rows).enumerated() {
            let row = area.inset.row + offset
            write(binding.names, column: area.column + 2, row: row, columns: Self.nameColumns - 1, style: theme.keyName)
            write(
                binding.help, column: area.column + 2 + Self.nameColumns, row: row, columns: columns - Self.nameColumns - 4,
                style: theme.text)
        }
    }
}
