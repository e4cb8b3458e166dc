import Steering
import Terminal

/// The edits made so far, latest last.
extension Painter {
    mutating func drawEdits(_ state: State, _ layout: Layout) {
        guard let panel = layout.editPanel else { return }
        let edits = state.stack.edits
        box(panel, title: edits.isEmpty ? "edits" : "edits · \(edits.count)")
        let area = panel.inset
        guard !edits.isEmpty else {
            let hint = state.phase == .ready ? "Move a slider to change the picture." : ""
            write(hint, column: area.column + 1, row: area.row, columns: area.columns - 2, style: theme.faint)
            return
        }
        for (offset, edit) in edits.suffix(area.rows).enumerated() {
            guard let feature = state.list[edit.feature] else { continue }
            draw(edit, of: feature, column: area.column + 1, row: area.row + offset, columns: area.columns - 2)
        }
    }

    private mutating func draw(_ edit: Edit, of feature: Feature, column: Int, row: Int, columns: Int) {
        let change = " \(glyphs.arrow) \(edit(feature.activation).short.aligned)"
        let numbers = feature.activation.short.aligned + change
        let numberColumns = numbers.columns
        canvas.write(
            String(edit.isOn ? glyphs.changed : glyphs.off), column: column, row: row, style: edit.isOn ? theme.changed : theme.off)
        write(feature.name, column: column + 2, row: row, columns: columns - numberColumns - 3, style: edit.isOn ? theme.text : theme.faint)
        write(numbers, endingAt: column + columns, row: row, columns: numberColumns, style: theme.faint)
    }
}
