import Steering

/// Which row of the edit stack is selected, which edits are marked, and where the list is scrolled to.
struct EditList: Sendable, Equatable {
    private(set) var selected: EditPart?
    /// The edits marked to be grouped.
    private(set) var marked: Set<Int> = []
    /// The last selected row, for when the selected edit is gone.
    private var selection = ListSelection()

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

    /// Moves the selection down the list by some rows, or up when `rows` is negative.
    mutating func moveSelection(by rows: Int, in stack: EditStack) {
        let parts = stack.parts
        guard !parts.isEmpty else { return }
        selection.move(.rows(rows), count: parts.count)
        selected = parts[selection.row]
    }

    /// Keeps a row selected, also when the selected edit is gone, and scrolls just enough to show it.
    mutating func settle(in stack: EditStack, capacity: Int) {
        let parts = stack.parts
        guard !parts.isEmpty else {
            self = EditList()
            return
        }
        if !marked.isEmpty { marked.formIntersection(stack.edits.map(\.id)) }
        selection.select(selected.flatMap(parts.firstIndex) ?? selection.row, count: parts.count)
        selected = parts[selection.row]
        selection.settle(count: parts.count, capacity: capacity)
    }
}
