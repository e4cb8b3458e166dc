import Steering

/// Which row of the edit stack is selected, and where the list is scrolled to.
struct EditList: Sendable, Equatable {
    private(set) var selected: EditPart?
    /// The place of the topmost visible row.
    private(set) var top = 0
    /// Where the selection was last, for when its row is gone.
    private var place = 0

    mutating func select(_ part: EditPart) { selected = part }

    /// Moves the selection down the list by some rows, or up when `rows` is negative.
    mutating func moveSelection(by rows: Int, in stack: EditStack) {
        let parts = stack.parts
        guard !parts.isEmpty else { return }
        place = min(max(place + rows, 0), parts.count - 1)
        selected = parts[place]
    }

    /// Keeps a row selected, also when the one that was is gone, and scrolls as little as shows it.
    mutating func settle(in stack: EditStack, capacity: Int) {
        let parts = stack.parts
        guard !parts.isEmpty else {
            self = EditList()
            return
        }
        place = selected.flatMap(parts.firstIndex) ?? min(place, parts.count - 1)
        selected = parts[place]
        top = min(max(top, place - capacity + 1), place)
        top = max(0, min(top, parts.count - capacity))
    }
}
