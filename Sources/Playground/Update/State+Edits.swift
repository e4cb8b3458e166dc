import Steering

/// What moves sliders, and takes movements back.
extension State {
    private static let gestureSeconds = 0.7

    mutating func select(rows: Int) -> [Effect] {
        list.moveSelection(by: rows, with: stack)
        return []
    }

    /// Moves the selected slider by a step of its scale; steps in quick succession are undone in one go.
    mutating func step(_ size: (Slider) -> Float) -> [Effect] {
        guard let feature = list.selectedFeature else { return [] }
        let slider = Slider(feature)
        let effects = set(feature, to: slider.stepped(value(of: feature), by: size(slider)), in: .steps(feature: feature.index))
        return effects + [.startTimer(.gesture, seconds: Self.gestureSeconds)]
    }

    mutating func setSelected(_ value: (Slider) -> Float) -> [Effect] {
        guard let feature = list.selectedFeature else { return [] }
        return set(feature, to: value(Slider(feature)))
    }

    mutating func set(_ feature: Feature, to value: Float, in gesture: History.Gesture? = nil) -> [Effect] {
        change(in: gesture) { $0.steer(feature, to: value) }
    }

    mutating func resetSelected() -> [Effect] {
        guard let selected = list.selected else { return [] }
        return change { $0.removeAll(feature: selected) }
    }

    mutating func resetAll() -> [Effect] { change { $0.removeAll() } }

    mutating func switchSelected() -> [Effect] {
        guard let selected = list.selected else { return [] }
        return change { stack in
            let edits = stack.edits.filter { $0.feature == selected }
            let isOn = !edits.contains(where: \.isOn)
            for edit in edits { stack.update(edit.id) { $0.isOn = isOn } }
        }
    }

    mutating func undo() -> [Effect] { history.undo() ? showEdits() : inform("There is nothing to undo.") }

    mutating func redo() -> [Effect] { history.redo() ? showEdits() : inform("There is nothing to redo.") }

    private mutating func change(in gesture: History.Gesture? = nil, _ edit: (inout EditStack) -> Void) -> [Effect] {
        history.change(in: gesture, edit) ? showEdits() : []
    }
}

extension EditStack {
    /// Makes a feature's activation `value`, also when its edits were switched off.
    fileprivate mutating func steer(_ feature: Feature, to value: Float) {
        guard value != self.value(of: feature.index, from: feature.activation) else { return }
        if edits.contains(where: { $0.feature == feature.index && !$0.isOn }) { removeAll(feature: feature.index) }
        set(feature: feature.index, to: value)
    }
}
