import Terminal

/// The keys and what they do, over the middle of the screen.
extension Painter {
    mutating func drawHelp(_ bindings: Bindings, top: Int, in area: Rectangle) {
        let frame = Rectangle(column: area.column - 1, row: area.row - 1, columns: area.columns + 2, rows: area.rows + 2)
        canvas.fill(frame)
        let isLonger = HelpText.lastTop(for: bindings, in: area) > 0
        box(frame, title: isLonger ? "keys · ↑ ↓ scroll · any other key leads back" : "keys · any key leads back", hasFocus: true)
        for (place, binding) in HelpText.visible(bindings, top: top, in: area) {
            write(binding.names, column: place.column, row: place.row, columns: HelpText.nameColumns - 1, style: theme.keyName)
            write(
                binding.help, column: place.column + HelpText.nameColumns, row: place.row, columns: place.columns - HelpText.nameColumns,
                style: theme.text)
        }
    }
}

/// Where the lines of the help go.
enum HelpText {
    static let nameColumns = 16
    private static let columnWidth = 72

    /// The bindings that are visible when the help is scrolled down by some rows, each with its place.
    static func visible(_ bindings: Bindings, top: Int, in area: Rectangle) -> [(place: Rectangle, binding: Binding)] {
        let keyed = bindings.all.filter { !$0.keys.isEmpty }
        let rows = rows(of: keyed.count, in: area)
        return keyed.enumerated().compactMap { index, binding in
            let row = index % rows - top
            guard (0..<area.rows).contains(row) else { return nil }
            let place = Rectangle(
                column: area.column + 1 + index / rows * columnWidth, row: area.row + row, columns: min(columnWidth, area.columns) - 2,
                rows: 1)
            return (place, binding)
        }
    }

    /// How far the help can be scrolled.
    static func lastTop(for bindings: Bindings, in area: Rectangle) -> Int {
        max(0, rows(of: bindings.all.count { !$0.keys.isEmpty }, in: area) - area.rows)
    }

    private static func rows(of count: Int, in area: Rectangle) -> Int {
        let columns = max(1, area.columns / columnWidth)
        return max(1, (count + columns - 1) / columns)
    }
}
