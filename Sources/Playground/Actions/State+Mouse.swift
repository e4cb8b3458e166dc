import Steering
import Terminal

/// A slider being dragged.
struct Drag: Sendable, Equatable {
    let handle: Handle
    /// How many columns the pointer was right of the knob when it took hold, so that the knob does not jump to it.
    let grip: Int
    /// Where the bar was then: icons that come meanwhile move it, but not the hand.
    let bar: Rectangle
}

/// The effects of the mouse.
extension State {
    private static let doubleClickSeconds = 0.4

    mutating func point(_ event: MouseEvent) -> [Effect] {
        // A button that is let go of is so wherever the pointer is, and whatever has come over the screen.
        switch event.kind {
        case .release(.left): letGo()
        case .release(.right): comparison.isPeeking = false
        default: break
        }
        guard display.isLargeEnough else { return [] }
        guard overlays.isEmpty else { return hear { $0.point(event, &$1) } ?? [] }
        switch event.kind {
        case .press(.left): return take(event)
        case .drag(.left): return drag == nil ? dragPictures(event) : pull(event)
        case .press(.right) where layout.pictures.contains(event): comparison.isPeeking = true
        case .wheel(let direction): return turn(direction, event)
        default: break
        }
        return []
    }

    /// Releases what the left button holds.
    mutating func letGo() {
        guard isHolding else { return }
        drag = nil
        grabbed = nil
        history.endGesture()
    }

    /// Whether the left button holds a slider or the pictures.
    var isHolding: Bool { drag != nil || grabbed != nil }

    /// The wheel scrolls the list that has the focus, so that it never does harm in passing, and zooms the pictures.
    private mutating func turn(_ direction: MouseEvent.WheelDirection, _ event: MouseEvent) -> [Effect] {
        guard direction == .up || direction == .down else { return [] }
        let rows = direction == .up ? -1 : 1
        if focus == .features, layout.features.contains(event) { return select(rows: rows) }
        if focus == .edits, layout.edits?.contains(event) == true { return select(rows: rows) }
        return layout.pictures.contains(event) ? zoom(in: direction == .up) : []
    }

    private mutating func take(_ event: MouseEvent) -> [Effect] {
        if layout.pictures.contains(event) {
            grabbed = MousePlace(column: event.column, row: event.row)
            return comparison.mode == .wipe ? putDivider(at: event) : []
        }
        return layout.edits?.contains(event) == true ? takeEdit(event) : takeFeature(event)
    }

    /// Selects the feature under the pointer; on its bar, takes hold of the knob or brings it there.
    private mutating func takeFeature(_ event: MouseEvent) -> [Effect] {
        let layout = layout
        guard let row = layout.featureRow(atColumn: event.column, row: event.row) else { return [] }
        let shown = list.shown(with: stack)
        guard shown.indices.contains(list.top + row) else { return [] }
        let feature = shown[list.top + row]
        focus = .features
        list.select(feature.index)
        return take(.feature(feature.index), bar: layout.bar(ofRow: row), event)
    }

    /// Selects the edit under the pointer; its mark switches it, its bar is held as a slider's.
    private mutating func takeEdit(_ event: MouseEvent) -> [Effect] {
        guard let row = layout.editRow(atRow: event.row) else { return [] }
        let parts = stack.parts
        guard parts.indices.contains(editList.top + row) else { return [] }
        let part = parts[editList.top + row]
        focus = .edits
        editList.select(part)
        selectFeatureOfEdit()
        if let mark = layout.editMark(ofRow: row), mark.contains(event) { return change { $0.toggle(part) } }
        guard let bar = layout.strengthBar(ofRow: row) else { return [] }
        return take(.strength(part), bar: bar, event)
    }

    private mutating func take(_ handle: Handle, bar: Rectangle, _ event: MouseEvent) -> [Effect] {
        guard bar.contains(event) else { return [] }
        if clicked == handle {
            clicked = nil
            return reset(handle)
        }
        let grip = event.column - bar.column - knobColumn(of: handle, columns: bar.columns)
        let isOnKnob = abs(grip) <= 1
        clicked = handle
        drag = Drag(handle: handle, grip: isOnKnob ? grip : 0, bar: bar)
        return (isOnKnob ? [] : pull(event)) + [.startTimer(.doubleClick, seconds: Self.doubleClickSeconds)]
    }

    /// Moves the dragged knob to the pointer's column.
    private mutating func pull(_ event: MouseEvent) -> [Effect] {
        guard let drag else { return [] }
        let columns = drag.bar.columns
        let column = event.column - drag.bar.column - drag.grip
        // A pointer that stays within the knob's column leaves the value alone, which the column only says roughly.
        guard column != knobColumn(of: drag.handle, columns: columns) else { return [] }
        switch drag.handle {
        case .feature(let index):
            guard let feature = list[index] else { return [] }
            return set(feature, to: Slider(feature).value(at: column, columns: columns), in: .drag(drag.handle))
        case .strength(let part):
            return set(part, toStrength: Strength.value(at: column, columns: columns), in: .drag(drag.handle))
        }
    }

    private func knobColumn(of handle: Handle, columns: Int) -> Int {
        switch handle {
        case .feature(let index): list[index].map { Slider($0).column(of: value(of: $0), columns: columns) } ?? 0
        case .strength(let part): Strength.column(of: stack.strength(of: part) ?? 1, columns: columns)
        }
    }

    /// Moves the divider of a wipe, or what is visible of the pictures.
    private mutating func dragPictures(_ event: MouseEvent) -> [Effect] {
        guard let last = grabbed else { return [] }
        grabbed = MousePlace(column: event.column, row: event.row)
        if comparison.mode == .wipe { return putDivider(at: event) }
        let room = layout.afterPanel.inset
        return pan(
            x: Double(last.column - event.column) / Double(max(1, room.columns)),
            y: Double(last.row - event.row) / Double(max(1, room.rows)))
    }

    private mutating func putDivider(at event: MouseEvent) -> [Effect] {
        guard let picture = pictureBefore else { return [] }
        let placed = Fitting(width: picture.width, height: picture.height, in: layout.afterPanel.inset, cell: display.cell).rectangle
        guard placed.columns > 0 else { return [] }
        comparison.divider = (Double(event.column - placed.column) + 0.5) / Double(placed.columns)
        return []
    }
}

extension Rectangle {
    /// Whether the pointer is inside.
    fileprivate func contains(_ event: MouseEvent) -> Bool { contains(column: event.column, row: event.row) }
}
