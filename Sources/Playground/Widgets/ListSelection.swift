import Terminal

/// The selected row of a list, and how far the list is scrolled.
struct ListSelection: Sendable, Equatable {
    /// What a key or the wheel does in a list.
    enum Movement: Sendable, Equatable {
        /// By some rows or pages: down, or up when the number is negative.
        case rows(Int)
        case pages(Int)
        case first, last
    }

    private(set) var row = 0
    /// The topmost visible row.
    private(set) var top = 0

    mutating func move(_ movement: Movement, count: Int, page: Int = 1) {
        switch movement {
        case .rows(let rows): select(row + rows, count: count)
        case .pages(let pages): select(row + pages * page, count: count)
        case .first: select(0, count: count)
        case .last: select(count - 1, count: count)
        }
    }

    /// Selects a row, or the nearest one that the list has.
    mutating func select(_ row: Int, count: Int) { self.row = min(max(row, 0), max(0, count - 1)) }

    /// Selects the row under the pointer when it is clicked, and moves by the wheel.
    /// - Parameter area: the cells of the visible rows.
    mutating func point(_ event: MouseEvent, in area: Rectangle, count: Int) {
        guard area.contains(column: event.column, row: event.row) else { return }
        if let movement = Movement(wheel: event) { return move(movement, count: count) }
        let row = top + event.row - area.row
        if event.kind == .press(.left), row < count { select(row, count: count) }
    }

    /// Keeps the selection inside the list, and scrolls as little as shows it in a window of `capacity` rows.
    mutating func settle(count: Int, capacity: Int) {
        select(row, count: count)
        top = min(max(top, row - capacity + 1), row)
        top = max(0, min(top, count - capacity))
    }
}

extension ListSelection.Movement {
    /// The movement of a key; nil when it is none.
    /// - Parameter isBesideText: whether Home and End move in a text field, so that the list has them only with Control.
    init?(_ press: KeyPress, isBesideText: Bool = false) {
        switch (press.key, press.modifiers) {
        case (.up, _): self = .rows(-1)
        case (.down, _): self = .rows(1)
        case (.pageUp, _): self = .pages(-1)
        case (.pageDown, _): self = .pages(1)
        case (.home, .control): self = .first
        case (.end, .control): self = .last
        case (.home, _) where !isBesideText: self = .first
        case (.end, _) where !isBesideText: self = .last
        default: return nil
        }
    }

    /// The movement of the wheel; nil when the event is none.
    init?(wheel event: MouseEvent) {
        switch event.kind {
        case .wheel(.up): self = .rows(-1)
        case .wheel(.down): self = .rows(1)
        case .wheel(.left), .wheel(.right), .press, .release, .drag, .move: return nil
        }
    }
}

extension State {
    /// The movement of a key in a list without a text field, where the keys that select rows in the panes do so too.
    func movement(of press: KeyPress) -> ListSelection.Movement? {
        let action = bindings.action(for: press)
        if action == Action(SliderAction.selectPrevious) { return .rows(-1) }
        if action == Action(SliderAction.selectNext) { return .rows(1) }
        return ListSelection.Movement(press)
    }
}
