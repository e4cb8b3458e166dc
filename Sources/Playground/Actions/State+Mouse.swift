import Terminal

/// The mouse: the top overlay hears it first, then the pane that it holds something in, or else the one under the pointer.
extension State {
    mutating func point(_ event: MouseEvent) -> [Effect] {
        // A button that is let go of is so wherever the pointer is, and whatever has come over the screen.
        switch event.kind {
        case .release(.left): letGo()
        case .release(.right): pictures.comparison.isPeeking = false
        case .move: hover(event)
        default: break
        }
        guard display.isLargeEnough else { return [] }
        guard overlays.isEmpty else { return hear { $0.point(event, &$1) } ?? [] }
        let isDrag = event.kind == .drag(.left)
        let layout = layout
        func hears(_ pane: some Pane) -> Bool { isDrag ? pane.isHolding : pane.area(in: layout)?.contains(event) == true }
        if hears(pictures) { return tell(\.pictures) { $0.point(event, $1) } }
        if hears(edits) { return tell(\.edits) { $0.point(event, $1) } }
        if hears(features) { return tell(\.features) { $0.point(event, $1) } }
        return []
    }

    /// Notes over which slider the pointer is.
    private mutating func hover(_ event: MouseEvent) {
        let hearsMouse = display.isLargeEnough && overlays.isEmpty
        hovered = hearsMouse ? features.handle(at: event, self) ?? edits.handle(at: event, self) : nil
    }

    /// Releases what the left button holds.
    mutating func letGo() {
        guard isHolding else { return }
        features.letGo()
        edits.letGo()
        pictures.letGo()
        history.endGesture()
    }

    /// From now on, a second click does not make a double click.
    mutating func forgetClick() {
        features.grip.forgetClick()
        edits.grip.forgetClick()
    }

    /// Whether the left button holds a slider or the pictures.
    var isHolding: Bool { panes.contains { $0.isHolding } }
}
