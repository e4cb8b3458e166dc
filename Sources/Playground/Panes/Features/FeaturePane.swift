import Steering
import Terminal

/// The features of the picture, each with its slider.
struct FeaturePane: ListPane {
    var list = FeatureList()
    var icons = Icons()
    var naming = Naming()
    var grip = SliderGrip()

    /// Lists the features of another picture.
    mutating func begin(_ analysis: AnalysisSummary, count: Int) {
        list = FeatureList(analysis.features, count: count, remembering: list)
    }

    // MARK: Keys

    mutating func select(rows: Int, _ state: State) -> [PaneAnswer] {
        list.moveSelection(by: rows, with: state.stack)
        return []
    }

    var handle: Handle? { list.selected.map { .feature($0) } }

    /// The last edit of the selected feature.
    func part(in stack: EditStack) -> EditPart? { stack.edits.last { $0.feature == list.selected }.map { .edit($0.id) } }

    func moved(_ movement: SliderMovement, _ state: State) -> EditStack? {
        guard let feature = list.selectedFeature else { return nil }
        let slider = list.slider(of: feature)
        let value = state.value(of: feature)
        return state.stack.changed { stack in
            switch movement {
            case .fineStep(let steps): stack.steer(feature, to: slider.stepped(value, by: steps * slider.fineStep))
            case .coarseStep(let steps): stack.steer(feature, to: slider.stepped(value, by: steps * slider.coarseStep))
            case .toMinimum: stack.steer(feature, to: slider.start)
            case .toMaximum: stack.steer(feature, to: slider.limit)
            case .toOwn: stack.removeAll(feature: feature.index)
            }
        }
    }

    func ablate(_ state: State) -> [PaneAnswer] {
        guard let feature = list.selectedFeature else { return [] }
        return [.edits(state.stack.changed { $0.steer(feature, to: 0) })]
    }

    /// Sets every feature but the selected one to 0; the second time, restores them.
    func isolate(_ state: State) -> [PaneAnswer] {
        guard let selected = list.selected else { return [] }
        let name = "isolated"
        let others = list.features.filter { $0.index != selected }
        return [
            .edits(
                state.stack.changed { stack in
                    let old = stack.groups.first { $0.name == name }.map { EditPart.group($0.id) }
                    let wasIsolated = old.map { !stack.edits(of: $0).contains { $0.feature == selected } } ?? false
                    if let old { stack.remove(old) }
                    if !wasIsolated { stack.append(others.map { ($0.index, 0) }, inGroup: name) }
                })
        ]
    }

    /// Sets some active features to random values on the lower two thirds of their sliders; doing it again replaces these edits.
    func randomise(_ count: Int, using random: inout some RandomNumberGenerator, _ state: State) -> [PaneAnswer] {
        let chosen = list.features.shuffled(using: &random).prefix(count)
        let values = chosen.map { ($0.index, Float.random(in: 0...Slider($0).limit * 2 / 3, using: &random)) }
        let name = "random"
        return [
            .edits(
                state.stack.changed { stack in
                    if let old = stack.groups.first(where: { $0.name == name }) { stack.remove(.group(old.id)) }
                    stack.append(values, inGroup: name)
                })
        ]
    }

    /// Switches all edits of the selected feature on, or off when any of them is on.
    func switchEdits(_ state: State) -> [PaneAnswer] {
        let edits = state.stack.edits.filter { $0.feature == list.selected }
        let isOn = !edits.contains(where: \.isOn)
        return [.edits(state.stack.changed { stack in for edit in edits { stack.update(edit.id) { $0.isOn = isOn } } })]
    }

    mutating func showNextScope() -> [PaneAnswer] {
        list.showNextScope()
        return []
    }

    /// Narrows the list.
    mutating func search(_ text: String, _ state: State) -> [PaneAnswer] {
        list.filter = FeatureFilter(text: text)
        list.selectListed(with: state.stack)
        return [.focus(.features)]
    }

    // MARK: Mouse

    func area(in layout: Layout) -> Rectangle? { layout.features }

    mutating func point(_ event: MouseEvent, _ state: State) -> [PaneAnswer] {
        switch event.kind {
        case .press(.left): return take(event, state)
        case .drag(.left):
            guard case (.feature(let index), let columns, let column)? = grip.pull(event), let feature = list[index] else { return [] }
            return bring(feature, to: column, columns: columns, state)
        // The wheel scrolls only the list that has the focus, so that it never does harm in passing.
        case .wheel: return state.focus == .features ? ListSelection.Movement(wheel: event).map { scroll($0, state) } ?? [] : []
        default: return []
        }
    }

    /// The feature under the pointer, and its row on the screen.
    private func feature(at event: MouseEvent, _ state: State) -> (feature: Feature, row: Int)? {
        guard let row = state.layout.featureRow(atColumn: event.column, row: event.row) else { return nil }
        let shown = list.shown(with: state.stack)
        return shown.indices.contains(list.top + row) ? (shown[list.top + row], row) : nil
    }

    func handle(at event: MouseEvent, _ state: State) -> Handle? { feature(at: event, state).map { .feature($0.feature.index) } }

    /// Selects the feature under the pointer; on its bar, takes hold of the knob or brings it there.
    private mutating func take(_ event: MouseEvent, _ state: State) -> [PaneAnswer] {
        guard let (feature, row) = feature(at: event, state) else { return [] }
        list.select(feature.index)
        let bar = state.layout.bar(ofRow: row)
        let knob = list.slider(of: feature).column(of: state.value(of: feature), columns: bar.columns)
        switch grip.press(event, at: .feature(feature.index), bar: bar, knob: knob) {
        case nil: return [.focus(.features)]
        case .doubleClick: return [.focus(.features), .edits(state.stack.changed { $0.removeAll(feature: feature.index) })]
        case .hold(let column):
            let moved = column.map { bring(feature, to: $0, columns: bar.columns, state) } ?? []
            return [.focus(.features)] + moved + [.effect(SliderGrip.doubleClickTimer)]
        }
    }

    /// Moves the knob to a column of its bar.
    private func bring(_ feature: Feature, to column: Int, columns: Int, _ state: State) -> [PaneAnswer] {
        let slider = list.slider(of: feature)
        // A pointer that stays within the knob's column leaves the value alone, which the column only says roughly.
        guard column != slider.column(of: state.value(of: feature), columns: columns) else { return [] }
        let value = slider.value(at: column, columns: columns)
        return [.edits(state.stack.changed { $0.steer(feature, to: value) }, in: .drag(.feature(feature.index)))]
    }

    private mutating func scroll(_ movement: ListSelection.Movement, _ state: State) -> [PaneAnswer] {
        if case .rows(let rows) = movement { list.moveSelection(by: rows, with: state.stack) }
        return []
    }

    // MARK: Following

    mutating func settle(_ state: State) -> [PaneAnswer] {
        if list.scope == .edited { list.selectListed(with: state.stack) }
        list.noteBelowZero(state.stack)
        list.scrollToSelection(capacity: state.layout.featureCapacity, with: state.stack)
        return learn(state) + readLibrary(state) + tendIcons(state) + continueNaming(state)
    }

    /// Asks the library for the features that the picture does not show, as far as they are to be seen.
    private func readLibrary(_ state: State) -> [PaneAnswer] {
        guard state.phase == .ready, let query = list.nextQuery(with: state.stack) else { return [] }
        let isAsked = state.requests.pending.values.contains { $0.request == .list(query) }
        return isAsked ? [] : [.ask(.list(query))]
    }

    /// Asks the library for the labels and maxima of features that are edited or searched by number and that the picture does not show.
    private mutating func learn(_ state: State) -> [PaneAnswer] {
        guard state.pack != nil, state.analysis != nil else { return [] }
        let unknown = list.unknown(among: state.stack.features + [list.filter.number].compactMap { $0 })
        guard !unknown.isEmpty else { return [] }
        for feature in unknown { list[feature].map { list.remember($0) } }
        return [.ask(.describe(unknown))]
    }
}
