import Steering
import Terminal

/// The donor's features beside those of the picture, over the whole screen.
extension TransferList {
    func area(in layout: Layout) -> Rectangle? { layout.browser }

    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) { painter.draw(self, layout) }

    func hints(in state: State) -> [KeyHint] {
        [
            ("↑ ↓", "select"), ("Enter", "copy"), ("Space", "mark"), ("t", "mark from the top"), ("a", "mark all"),
            ("o", "subtract another picture"), ("Esc", "cancel"),
        ]
    }
}

extension Painter {
    private static let numberColumns = 10

    fileprivate mutating func draw(_ transfer: TransferList, _ layout: Layout) {
        let frame = layout.browser
        canvas.fill(frame)
        box(frame, title: transfer.title, hasFocus: true)
        let area = frame.inset
        for (place, name) in [transfer.origin?.name ?? "here", transfer.donor.name, "change"].enumerated() {
            let end = area.endColumn - 1 - (2 - place) * Self.numberColumns
            write(name, endingAt: end, row: area.row, columns: Self.numberColumns - 1, style: theme.faint)
        }
        for (offset, difference) in transfer.differences.dropFirst(transfer.selection.top).prefix(layout.transferCapacity).enumerated() {
            let row = Rectangle(column: area.column, row: layout.transferRows.row + offset, columns: area.columns, rows: 1)
            draw(difference, isMarked: transfer.marked.contains(difference.index), in: row)
            guard transfer.selection.top + offset == transfer.selection.row else { continue }
            canvas.restyle(row) { $0 = theme.selection }
            canvas.write(String(glyphs.cursor), column: row.column, row: row.row, style: theme.selection)
        }
        if transfer.differences.isEmpty {
            write(
                "Both pictures have the same features.", column: area.column + 3, row: area.row + 1, columns: area.columns - 4,
                style: theme.faint
            )
        }
    }

    private mutating func draw(_ difference: FeatureDifference, isMarked: Bool, in row: Rectangle) {
        if isMarked { canvas.write(String(glyphs.changed), column: row.column + 1, row: row.row, style: theme.changed) }
        let nameEnd = row.endColumn - 1 - 3 * Self.numberColumns
        write(
            difference.label ?? "feature \(difference.index)", column: row.column + 3, row: row.row,
            columns: max(0, nameEnd - row.column - 3), style: theme.text)
        let sign = difference.amount > 0 ? "+" : ""
        for (place, number) in [difference.own.short, difference.donor.short, sign + difference.amount.short].enumerated() {
            let end = row.endColumn - 1 - (2 - place) * Self.numberColumns
            write(number, endingAt: end, row: row.row, columns: Self.numberColumns, style: place == 2 ? theme.text : theme.faint)
        }
    }
}

extension TransferList {
    fileprivate var title: String {
        let marks = marked.isEmpty ? "" : " · \(marked.count) marked"
        return "transfer \(name) · \(differences.count) features differ\(marks)"
    }
}
