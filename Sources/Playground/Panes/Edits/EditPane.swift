import Steering
import Terminal

/// The stack of edits: which row is selected, which edits are marked, and where the list is scrolled to.
struct EditPane: ListPane {
    private(set) var selected: EditPart?
    /// The edits marked to be grouped.
    private(set) var marked: Set<Int> = []
    /// The last selected row, for when the selected edit is gone.
    private var selection = ListSelection()
    var grip = SliderGrip()

    /// The place of the topmost visible row.
    var top: Int { selection.top }

    mutating func select(_ part: EditPart) { selected = part }

    /// Marks an edit or a whole group, or unmarks it where it is marked.
    mutating func toggleMark(of part: EditPart, in stack: EditStack) {
        let edits = stack.edits(of: part).map(\.id)
        marked = hasMarked(part, in: stack) ? marked.subtracting(edits) : marked.union(edits)
    }

    func hasMarked(_ part: EditPart, in stack: EditStack) -> Bool {
        let edits = stack.edits(of: part)
        return !edits.isEmpty && edits.allSatisfy { marked.contains($0.id) }
    }

    mutating func clearMarks() { marked = [] }

    // MARK: Keys

    mutating func select(rows: Int, _ state: State) -> [PaneAnswer] {
        moveSelection(by: rows, in: state.stack)
        return featureOfSelected(state)
    }

    /// Moves the selection down the list by some rows, or up when `rows` is negative.
    mutating func moveSelection(by rows: Int, in stack: EditStack) {
        let parts = stack.parts
        guard !parts.isEmpty else { return }
        selection.move(.rows(rows), count: parts.count)
        selected = parts[selection.row]
    }

    /// Keeps the feature selected that the selected edit is about.
    private func featureOfSelected(_ state: State) -> [PaneAnswer] {
        guard case .edit(let id) = selected, let feature = state.stack[edit: id]?.feature else { return [] }
        return [.feature(feature)]
    }

    var handle: Handle? { selected.map { .strength($0) } }

    func part(in stack: EditStack) -> EditPart? { selected }

    func moved(_ movement: SliderMovement, _ state: State) -> EditStack? {
        guard let part = selected, let strength = state.stack.strength(of: part) else { return nil }
        let moved =
            switch movement {
            case .fineStep(let steps): Strength.stepped(strength, by: steps * Strength.fineStep)
            case .coarseStep(let steps): Strength.stepped(strength, by: steps * Strength.coarseStep)
            case .toMinimum: Strength.range.lowerBound
            case .toMaximum: Strength.range.upperBound
            case .toOwn: Float(1)
            }
        return state.stack.changed { $0.setStrength(of: part, to: moved) }
    }

    // MARK: Mouse

    func area(in layout: Layout) -> Rectangle? { layout.edits }

    mutating func point(_ event: MouseEvent, _ state: State) -> [PaneAnswer] {
        switch event.kind {
        case .press(.left): return take(event, state)
        case .drag(.left):
            guard case (.strength(let part), let columns, let column)? = grip.pull(event) else { return [] }
            return bring(part, to: column, columns: columns, state)
        case .wheel:
            guard state.focus == .edits, case .rows(let rows)? = ListSelection.Movement(wheel: event) else { return [] }
            return select(rows: rows, state)
        default: return []
        }
    }

    /// The edit or group under the pointer, and its row on the screen.
    private func part(at event: MouseEvent, _ state: State) -> (part: EditPart, row: Int)? {
        guard area(in: state.layout)?.contains(event) == true, let row = state.layout.editRow(atRow: event.row) else { return nil }
        let parts = state.stack.parts
        return parts.indices.contains(top + row) ? (parts[top + row], row) : nil
    }

    func handle(at event: MouseEvent, _ state: State) -> Handle? { part(at: event, state).map { .strength($0.part) } }

    /// Selects the edit under the pointer; its mark switches it, its bar is held as a slider's.
    private mutating func take(_ event: MouseEvent, _ state: State) -> [PaneAnswer] {
        guard let (part, row) = part(at: event, state) else { return [] }
        let layout = state.layout
        select(part)
        let answers = [.focus(.edits)] + featureOfSelected(state)
        if let mark = layout.editMark(ofRow: row), mark.contains(event) {
            return answers + [.edits(state.stack.changed { $0.toggle(part) })]
        }
        guard let bar = layout.strengthBar(ofRow: row) else { return answers }
        let knob = Strength.column(of: state.stack.strength(of: part) ?? 1, columns: bar.columns)
        switch grip.press(event, at: .strength(part), bar: bar, knob: knob) {
        case nil: return answers
        case .doubleClick: return answers + [.edits(state.stack.changed { $0.setStrength(of: part, to: 1) })]
        case .hold(let column):
            let moved = column.map { bring(part, to: $0, columns: bar.columns, state) } ?? []
            return answers + moved + [.effect(SliderGrip.doubleClickTimer)]
        }
    }

    /// Moves the knob of a strength to a column of its bar, unless it is there already.
    private func bring(_ part: EditPart, to column: Int, columns: Int, _ state: State) -> [PaneAnswer] {
        guard column != Strength.column(of: state.stack.strength(of: part) ?? 1, columns: columns) else { return [] }
        let strength = Strength.value(at: column, columns: columns)
        return [.edits(state.stack.changed { $0.setStrength(of: part, to: strength) }, in: .drag(.strength(part)))]
    }

    // MARK: Following

    /// Keeps a row selected, also when the selected edit is gone, and scrolls just enough to show it.
    mutating func settle(_ state: State) -> [PaneAnswer] {
        let parts = state.stack.parts
        guard !parts.isEmpty else {
            self = EditPane()
            return state.focus == .edits ? [.focus(.features)] : []
        }
        if !marked.isEmpty { marked.formIntersection(state.stack.edits.map(\.id)) }
        selection.select(selected.flatMap(parts.firstIndex) ?? selection.row, count: parts.count)
        selected = parts[selection.row]
        selection.settle(count: parts.count, capacity: state.layout.editCapacity)
        return []
    }
}
