import Steering
import Terminal

/// What the mouse does.
extension State {
    private static let doubleClickSeconds = 0.4

    mutating func point(_ event: MouseEvent) -> [Effect] {
        guard display.isLargeEnough, !showsHelp, entry == nil else { return [] }
        switch event.kind {
        case .press(.left): return take(event)
        case .drag(.left): return pull(event)
        case .release(.left):
            drag = nil
            history.endGesture()
            return []
        case .wheel(let direction) where layout.features.contains(column: event.column, row: event.row):
            return select(rows: direction == .up ? -1 : direction == .down ? 1 : 0)
        default: return []
        }
    }

    /// Selects the feature under the pointer; on its bar, takes hold of the knob or brings it there.
    private mutating func take(_ event: MouseEvent) -> [Effect] {
        let layout = layout
        guard let row = layout.featureRow(atColumn: event.column, row: event.row) else { return [] }
        let shown = list.shown(with: stack)
        guard shown.indices.contains(list.top + row) else { return [] }
        let feature = shown[list.top + row]
        list.select(feature.index)
        let bar = layout.bar(ofRow: row)
        guard bar.contains(column: event.column, row: event.row) else { return [] }
        let grip = event.column - bar.column - Slider(feature).column(of: value(of: feature), columns: bar.columns)
        let isOnKnob = abs(grip) <= 1
        if clicked == feature.index {
            clicked = nil
            return resetSelected()
        }
        clicked = feature.index
        drag = Drag(feature: feature.index, grip: isOnKnob ? grip : 0)
        return (isOnKnob ? [] : pull(event)) + [.startTimer(.doubleClick, seconds: Self.doubleClickSeconds)]
    }

    /// Brings the held knob to the pointer's column.
    private mutating func pull(_ event: MouseEvent) -> [Effect] {
        guard let drag, let feature = list[drag.feature] else { return [] }
        let bar = layout.bar(ofRow: 0)
        let slider = Slider(feature)
        let column = event.column - bar.column - drag.grip
        // A pointer that stays within the knob's column leaves the value alone, which the column only says roughly.
        guard column != slider.column(of: value(of: feature), columns: bar.columns) else { return [] }
        return set(feature, to: slider.value(at: column, columns: bar.columns), in: .drag(feature: feature.index))
    }
}
