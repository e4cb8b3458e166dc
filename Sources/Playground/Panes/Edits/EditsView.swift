import Steering
import Terminal

/// The stack of edits, with its groups.
extension EditPane {
    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) -> [PlacedPicture] {
        painter.drawEdits(state, layout)
        return []
    }

    func hints(in state: State) -> [KeyHint] {
        [("↑ ↓", "select"), ("← →", "strength")]
            + state.bindings.hints([
                (SliderAction.switchList, "features"), (EditAction.switchEdit, "on/off"), (EditAction.delete, "delete"),
                (EditAction.group, "group"), (EditAction.solo, "solo"), (SessionAction.help, "help"), (EditAction.moveUp, "up"),
                (EditAction.moveDown, "down"), (EditAction.duplicate, "duplicate"), (EditAction.undo, "undo"), (SessionAction.quit, "quit"),
            ])
    }

    fileprivate func title(_ stack: EditStack) -> String {
        let count = stack.edits.count
        if count == 0 { return "edits" }
        let marks = marked.isEmpty ? "" : " · \(marked.count) marked"
        return "edits · \(count)\(stack.solo == nil ? "" : " · solo")\(marks)"
    }
}

extension Painter {
    fileprivate mutating func drawEdits(_ state: State, _ layout: Layout) {
        guard let panel = layout.editPanel else { return }
        let parts = state.stack.parts
        box(panel, title: state.edits.title(state.stack), hasFocus: state.focus == .edits)
        guard !parts.isEmpty else {
            let hint = state.phase == .ready ? "Move a slider to start editing." : ""
            write(hint, column: panel.inset.column + 1, row: panel.inset.row, columns: panel.inset.columns - 2, style: theme.faint)
            return
        }
        let heading = " strength "
        if state.edits.title(state.stack).columns + heading.columns + 6 <= panel.columns {
            write(heading, endingAt: panel.endColumn - 1, row: panel.row, columns: heading.columns, style: theme.faint)
        }
        for (row, part) in parts.dropFirst(state.edits.top).prefix(layout.editCapacity).enumerated() {
            guard let area = layout.edit(ofRow: row) else { continue }
            switch part {
            case .group(let id): state.stack[group: id].map { draw($0, state, layout, row: row, in: area) }
            case .edit(let id): state.stack[edit: id].map { draw($0, state, layout, row: row, in: area) }
            }
            if part == state.edits.selected {
                let selection = state.focus == .edits ? theme.selection : theme.dimSelection
                canvas.restyle(Rectangle(column: area.column, row: area.row, columns: area.columns, rows: 1)) { $0 = selection }
                if state.focus == .edits { canvas.write(String(glyphs.cursor), column: area.column, row: area.row, style: selection) }
            }
        }
        drawPosition(state, count: parts.count, capacity: layout.editCapacity, in: panel)
    }

    private mutating func draw(_ edit: Edit, _ state: State, _ layout: Layout, row: Int, in area: Rectangle) {
        let isOn = state.stack.effective(edit).isOn
        let feature = edit.feature.flatMap { state.features.list[$0] }
        let number = edit.kind == .set ? edit.value.short : "\(edit.value < 0 ? "" : "+")\(edit.value.short)"
        let from = area.columns < 60 ? "" : "\(feature?.activation.short.aligned ?? "") "
        let indent = edit.group == nil ? 0 : 2
        draw(
            String(repeating: " ", count: indent) + state.name(of: edit), edit.strength, .edit(edit.id),
            "\(from)\(glyphs.arrow) \(number.aligned)", isOn: isOn, state, layout, row: row, in: area)
    }

    private mutating func draw(_ group: EditGroup, _ state: State, _ layout: Layout, row: Int, in area: Rectangle) {
        let part = EditPart.group(group.id)
        let isOn = state.stack.solo == nil ? group.isOn : state.stack.edits(of: part).contains { state.stack.effective($0).isOn }
        let name = "\(glyphs.group) \(group.name) (\(state.stack.edits(of: part).count))"
        draw(name, group.strength, part, "", isOn: isOn, state, layout, row: row, in: area)
    }

    private mutating func draw(
        _ name: String, _ strength: Float, _ part: EditPart, _ numbers: String, isOn: Bool, _ state: State, _ layout: Layout, row: Int,
        in area: Rectangle
    ) {
        let solo = state.stack.solo == part ? "solo " : ""
        if state.edits.hasMarked(part, in: state.stack) {
            canvas.write(String(glyphs.marked), column: area.column + 1, row: area.row, style: theme.changed)
        }
        let percent = "\(solo)\(Int((strength * 100).rounded()))%"
        let style = isOn ? theme.text : theme.faint
        if let mark = layout.editMark(ofRow: row) {
            canvas.write(
                String(isOn ? glyphs.changed : glyphs.off), column: mark.column, row: mark.row, style: isOn ? theme.changed : theme.off)
        }
        let end = drawStrength(percent, strength, part, state, layout, row: row, in: area)
        write(numbers, endingAt: end, row: area.row, columns: numbers.columns, style: theme.faint)
        write(name, column: area.column + 4, row: area.row, columns: end - numbers.columns - area.column - 5, style: style)
    }

    /// Draws the number of a strength and, where there is room, its bar.
    /// - Returns: the column before which the rest must end.
    private mutating func drawStrength(
        _ percent: String, _ strength: Float, _ part: EditPart, _ state: State, _ layout: Layout, row: Int, in area: Rectangle
    ) -> Int {
        let end = area.endColumn - 1
        if let value = state.valueField, value.handle == .strength(part) {
            let place = Rectangle(column: end - 26, row: area.row, columns: 26, rows: 1)
            draw(value, state, in: place)
            return place.column - 1
        }
        write(percent, endingAt: end, row: area.row, columns: percent.columns, style: strength == 1 ? theme.faint : theme.changed)
        guard let bar = layout.strengthBar(ofRow: row) else { return end - max(5, percent.columns) - 1 }
        guard percent.columns <= 5 else { return end - percent.columns - 1 }
        self.bar(bar, knob: Strength.column(of: strength, columns: bar.columns), glyph: glyphs.knob)
        return bar.column - 1
    }

    /// Shows in the lower border which part of a longer list is visible.
    private mutating func drawPosition(_ state: State, count: Int, capacity: Int, in panel: Rectangle) {
        guard count > capacity else { return }
        let first = state.edits.top + 1
        let position = " \(first)-\(min(first + capacity - 1, count)) of \(count) "
        write(position, endingAt: panel.endColumn - 2, row: panel.endRow - 1, columns: 24, style: theme.faint)
    }
}
