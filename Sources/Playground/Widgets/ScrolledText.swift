import Terminal

/// How far a text is scrolled that may be longer than its window.
struct ScrolledText: Sendable, Equatable {
    /// The topmost visible line.
    private(set) var top: Int

    /// - Parameter atEnd: whether it begins with the last lines.
    init(atEnd: Bool = false) { top = atEnd ? Int(Int32.max) : 0 }

    mutating func scroll(_ movement: ListSelection.Movement, _ size: Size) {
        switch movement {
        case .rows(let rows): top += rows
        case .pages(let pages): top += pages * size.rows
        case .first: top = 0
        case .last: top = size.last
        }
        top = min(max(top, 0), size.last)
    }

    /// How many lines the text has, and how many of them are visible at once.
    struct Size {
        let lines, rows: Int

        /// The topmost line at the end of the text.
        var last: Int { max(0, lines - rows) }
    }
}

/// An overlay that is a text and nothing else: keys and the wheel scroll it.
protocol TextOverlay: Overlay {
    var text: ScrolledText { get set }
    func size(in state: State) -> ScrolledText.Size
    /// What becomes of a key that does not scroll.
    var afterOtherKeys: Response { get }
}

extension TextOverlay {
    mutating func press(_ press: KeyPress, _ state: inout State) -> Response {
        guard let movement = state.movement(of: press) else { return afterOtherKeys }
        text.scroll(movement, size(in: state))
        return .stays()
    }

    mutating func point(_ event: MouseEvent, _ state: inout State) -> Response {
        if let movement = ListSelection.Movement(wheel: event) { text.scroll(movement, size(in: state)) }
        return .stays()
    }

    mutating func settle(_ state: inout State) -> [Effect] {
        text.scroll(.rows(0), size(in: state))
        return []
    }
}
