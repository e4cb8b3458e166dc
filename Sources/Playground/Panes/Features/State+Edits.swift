import Steering

/// Moving sliders, and undoing it.
extension State {
    private static let gestureSeconds = 0.7

    mutating func select(rows: Int) -> [Effect] {
        switch focus {
        case .features: list.moveSelection(by: rows, with: stack)
        case .edits:
            editList.moveSelection(by: rows, in: stack)
            selectFeatureOfEdit()
        }
        return []
    }

    mutating func switchList() -> [Effect] {
        guard focus == .features else {
            focus = .features
            return []
        }
        guard !stack.isEmpty else { return inform("There are no edits yet: move a slider.") }
        if let part = currentPart { editList.select(part) }
        focus = .edits
        return []
    }

    /// Asks the library for the labels and maxima of features that are edited or searched by number and that the picture does not show.
    mutating func learnFeatures() -> [Effect] {
        guard pack != nil, analysis != nil else { return [] }
        let unknown = list.unknown(among: stack.features + [list.filter.number].compactMap { $0 })
        guard !unknown.isEmpty else { return [] }
        for feature in unknown { list[feature].map { list.remember($0) } }
        return ask(.describe(unknown))
    }

    mutating func showNextScope() -> [Effect] {
        list.showNextScope()
        return []
    }

    /// Keeps the feature selected that the selected edit is about.
    mutating func selectFeatureOfEdit() {
        if case .edit(let id) = editList.selected, let feature = stack[edit: id]?.feature { list.select(feature) }
    }

    /// The slider that keys move.
    var selectedHandle: Handle? {
        switch focus {
        case .features: list.selected.map { .feature($0) }
        case .edits: editList.selected.map { .strength($0) }
        }
    }

    /// Moves the selected slider by a step of its scale; steps in quick succession are undone in one go.
    mutating func step(isUp: Bool, isCoarse: Bool) -> [Effect] {
        guard let handle = selectedHandle else { return [] }
        let sign: Float = isUp ? 1 : -1
        let effects: [Effect]
        switch handle {
        case .feature(let index):
            guard let feature = list[index] else { return [] }
            let slider = Slider(feature)
            let value = slider.stepped(value(of: feature), by: sign * (isCoarse ? slider.coarseStep : slider.fineStep))
            effects = set(feature, to: value, in: .steps(handle))
        case .strength(let part):
            guard let strength = stack.strength(of: part) else { return [] }
            let stepped = Strength.stepped(strength, by: sign * (isCoarse ? Strength.coarseStep : Strength.fineStep))
            effects = set(part, toStrength: stepped, in: .steps(handle))
        }
        return effects + [.startTimer(.gesture, seconds: Self.gestureSeconds)]
    }

    /// Moves the selected slider to an end.
    mutating func moveToEnd(isMaximum: Bool) -> [Effect] {
        switch selectedHandle {
        case .feature(let index): list[index].map { set($0, to: isMaximum ? Slider($0).limit : 0) } ?? []
        case .strength(let part): set(part, toStrength: isMaximum ? Strength.range.upperBound : Strength.range.lowerBound)
        case nil: []
        }
    }

    mutating func set(_ feature: Feature, to value: Float, in gesture: History.Gesture? = nil) -> [Effect] {
        change(in: gesture) { $0.steer(feature, to: value) }
    }

    mutating func set(_ part: EditPart, toStrength strength: Float, in gesture: History.Gesture? = nil) -> [Effect] {
        change(in: gesture) { $0.setStrength(of: part, to: strength) }
    }

    /// Removes a feature's edits, or sets a strength to 100 %.
    mutating func reset(_ handle: Handle?) -> [Effect] {
        switch handle {
        case .feature(let index): change { $0.removeAll(feature: index) }
        case .strength(let part): set(part, toStrength: 1)
        case nil: []
        }
    }

    mutating func resetAll() -> [Effect] { change { $0.removeAll() } }

    mutating func ablate() -> [Effect] { list.selectedFeature.map { set($0, to: 0) } ?? [] }

    mutating func undo() -> [Effect] { history.undo() ? showEdits() : inform("There is nothing to undo.") }

    mutating func redo() -> [Effect] { history.redo() ? showEdits() : inform("There is nothing to redo.") }

    mutating func change(in gesture: History.Gesture? = nil, _ edit: (inout EditStack) -> Void) -> [Effect] {
        history.change(in: gesture) { edit(&$0.stack) } ? showEdits() : []
    }
}
