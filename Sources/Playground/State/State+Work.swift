import Steering

/// Changing the edits with the keys of sliders, and undoing it.
extension State {
    private static let gestureSeconds = 0.7

    mutating func select(rows: Int) -> [Effect] {
        switch focus {
        case .features: tell(\.features) { $0.select(rows: rows, $1) }
        case .edits: tell(\.edits) { $0.select(rows: rows, $1) }
        }
    }

    mutating func switchList() -> [Effect] {
        guard focus == .features else {
            focus = .features
            return []
        }
        guard !stack.isEmpty else { return inform("There are no edits yet: move a slider.") }
        if let part = currentPart { edits.select(part) }
        focus = .edits
        return []
    }

    /// The slider that keys move.
    var selectedHandle: Handle? { focusedPane.handle }

    /// The edit or group that keys act on.
    var currentPart: EditPart? { focusedPane.part(in: stack) }

    /// Moves the selected slider by a step of its scale; steps in quick succession are undone in one go.
    mutating func step(_ step: SliderMovement) -> [Effect] {
        guard let handle = selectedHandle, let moved = focusedPane.moved(step, self) else { return [] }
        return change(in: .steps(handle)) { $0 = moved } + [.startTimer(.gesture, seconds: Self.gestureSeconds)]
    }

    /// Moves the selected slider to a place of its own.
    mutating func move(_ movement: SliderMovement) -> [Effect] {
        guard let moved = focusedPane.moved(movement, self) else { return [] }
        return change { $0 = moved }
    }

    mutating func set(_ feature: Feature, to value: Float) -> [Effect] { change { $0.steer(feature, to: value) } }

    mutating func set(_ part: EditPart, toStrength strength: Float) -> [Effect] { change { $0.setStrength(of: part, to: strength) } }

    mutating func resetAll() -> [Effect] { change { $0.removeAll() } }

    /// Sets some active features at random.
    mutating func randomise(_ count: Int) -> [Effect] {
        var random = random
        defer { self.random = random }
        return tell(\.features) { $0.randomise(count, using: &random, $1) }
    }

    mutating func undo() -> [Effect] { history.undo() ? showEdits() : inform("There is nothing to undo.") }

    mutating func redo() -> [Effect] { history.redo() ? showEdits() : inform("There is nothing to redo.") }

    mutating func change(in gesture: History.Gesture? = nil, _ edit: (inout EditStack) -> Void) -> [Effect] {
        history.change(in: gesture) { edit(&$0.stack) } ? showEdits() : []
    }
}
