import Steering
import Terminal

/// The list of features with their sliders.
extension FeaturePane {
    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) -> [PlacedPicture] {
        painter.draw(list, state, layout)
        return placedIcons(state, layout)
    }

    func hints(in state: State) -> [KeyHint] {
        [("↑ ↓", "select"), ("← →", "change")]
            + state.bindings.hints([
                (SessionAction.help, "help"), (SessionAction.quit, "quit"), (CompareAction.peek, "before"), (EditAction.undo, "undo"),
                (SliderAction.type, "type"), (SliderAction.switchList, "edits"), (SliderAction.filter, "search"),
                (LibraryAction.browse, "library"), (SessionAction.export, "save"), (PictureAction.open, "open"),
                (CompareAction.showNextComparison, "compare"), (SessionAction.palette, "commands"), (SliderAction.resetAll, "reset all"),
            ])
    }
}

extension Painter {
    private static let numberColumns = 8

    fileprivate mutating func draw(_ list: FeatureList, _ state: State, _ layout: Layout) {
        guard !layout.featurePanel.isEmpty else { return }
        box(layout.featurePanel, title: list.title, hasFocus: state.focus == .features)
        let shown = list.shown(with: state.stack)
        guard !shown.isEmpty else { return drawSituation(state, in: layout.features) }
        drawHeadings(layout)
        let edits = Dictionary(grouping: state.stack.edits, by: \.feature)
        for (row, feature) in shown.dropFirst(list.top).prefix(layout.featureCapacity).enumerated() {
            let steered = SteeredFeature(feature, edits[feature.index] ?? [], in: state.stack)
            drawTitle(of: steered, state, in: layout.title(ofRow: row))
            drawBar(of: steered, state, in: layout.bar(ofRow: row))
        }
        drawPosition(state, count: list.scope == .all && list.filter.isEmpty ? max(list.count, shown.count) : shown.count, layout)
    }

    /// Names the columns of numbers in the border above them.
    private mutating func drawHeadings(_ layout: Layout) {
        let row = layout.featurePanel.row
        let end = layout.features.endColumn - 2
        write(" now ", endingAt: end + 1, row: row, columns: 5, style: theme.faint)
        write(" picture ", endingAt: end - Self.numberColumns + 1, row: row, columns: 9, style: theme.faint)
    }

    private mutating func drawTitle(of steered: SteeredFeature, _ state: State, in area: Rectangle) {
        let (feature, value) = (steered.feature, steered.value)
        let isSelected = feature.index == state.features.list.selected
        let end = area.endColumn - 2
        let nameColumns = end - 2 * Self.numberColumns - area.column - 2
        if isSelected { write(String(glyphs.cursor), column: area.column, row: area.row, columns: 1, style: theme.knob) }
        let isPlain = feature.activation == 0 && steered.isOn == nil
        write(feature.name, column: area.column + 2, row: area.row, columns: nameColumns, style: isPlain ? theme.faint : theme.text)
        write(feature.activation.short, endingAt: end - Self.numberColumns, row: area.row, columns: Self.numberColumns, style: theme.faint)
        write(
            value.short, endingAt: end, row: area.row, columns: Self.numberColumns,
            style: value == feature.activation ? theme.text : theme.changed)
        let selection = state.focus == .features ? theme.selection : theme.dimSelection
        if isSelected { canvas.restyle(area) { $0 = selection } }
        drawMark(of: steered, selection: isSelected ? selection : nil, column: end, row: area.row)
    }

    /// Says whether edits touch the feature, and whether they are switched on.
    private mutating func drawMark(of steered: SteeredFeature, selection: Style?, column: Int, row: Int) {
        guard let isOn = steered.isOn else { return }
        let style = selection ?? (isOn ? theme.changed : theme.off)
        canvas.write(String(isOn ? glyphs.changed : glyphs.off), column: column + 1, row: row, style: style)
    }

    private mutating func drawBar(of steered: SteeredFeature, _ state: State, in area: Rectangle) {
        let (feature, value) = (steered.feature, steered.value)
        if let value = state.valueField, value.handle == .feature(feature.index) { return draw(value, state, in: area) }
        let slider = state.features.list.slider(of: feature)
        let knob = slider.column(of: value, columns: area.columns)
        bar(
            area, from: slider.column(of: 0, columns: area.columns), knob: knob, glyph: glyph(of: value, slider),
            plain: slider.knownColumns(of: area.columns))
        let ticks = [(slider.usual, glyphs.usual, theme.faint), (feature.activation, glyphs.original, theme.original)]
        for (value, glyph, style) in ticks {
            guard let value, case let column = slider.column(of: value, columns: area.columns), column != knob else { continue }
            canvas.write(String(glyph), column: area.column + column, row: area.row, style: style)
        }
        if feature.index == state.features.list.selected { explainZone(slider, knob: knob, in: area) }
    }

    private func glyph(of value: Float, _ slider: Slider) -> Character {
        value < slider.start ? glyphs.below : value > slider.limit ? glyphs.beyond : glyphs.knob
    }

    /// Says what the shaded end of a bar is, where the knob leaves room.
    private mutating func explainZone(_ slider: Slider, knob: Int, in area: Rectangle) {
        let words = " beyond max"
        let start = area.columns - words.columns
        guard start >= slider.knownColumns(of: area.columns).upperBound, knob < start - 1 else { return }
        write(words, endingAt: area.endColumn, row: area.row, columns: words.columns, style: theme.faint)
    }

    /// Shows in the lower border which part of a longer list is visible.
    private mutating func drawPosition(_ state: State, count: Int, _ layout: Layout) {
        let first = state.features.list.top + 1
        let last = min(state.features.list.top + layout.featureCapacity, count)
        guard last - first + 1 < count else { return }
        let row = layout.featurePanel.endRow - 1
        write(" \(first)-\(last) of \(count) ", endingAt: layout.features.endColumn - 1, row: row, columns: 24, style: theme.faint)
    }

    private mutating func drawProgress(_ progress: WorkProgress?, in area: Rectangle) {
        guard let progress, progress.count > 0 else { return }
        var done = area
        done.columns = area.columns * min(max(progress.step, 0), progress.count) / progress.count
        canvas.fill(area, with: glyphs.track, style: theme.track)
        canvas.fill(done, with: glyphs.fill, style: theme.fill)
    }

    /// Says why there is no list.
    private mutating func drawSituation(_ state: State, in area: Rectangle) {
        let text = Rectangle(column: area.column + 1, row: area.row + 1, columns: area.columns - 2, rows: area.rows - 2)
        switch state.phase {
        case .opening(let progress), .analysing(let progress):
            paragraph(state.activity.capitalizedFirst + " …", in: text, style: theme.text)
            drawProgress(progress, in: Rectangle(column: text.column, row: text.row + 2, columns: text.columns, rows: 1))
        case .ready where !state.features.list.filter.isEmpty:
            let key = state.bindings.key(of: LibraryAction.browse) ?? ":"
            paragraph("No matching feature in this picture. Press \(key) to search the library.", in: text, style: theme.text)
        case .ready where state.features.list.scope == .edited: paragraph("No feature is edited.", in: text, style: theme.text)
        case .ready: paragraph("The autoencoder finds no feature in this picture.", in: text, style: theme.text)
        case .failed(let reason): paragraph(reason, in: text, style: theme.error)
        }
    }
}

/// A feature with the effect of its edits; only its own are applied, so that a long stack costs no more than a short one.
private struct SteeredFeature {
    let feature: Feature
    /// Its activation after all edits.
    let value: Float
    /// Whether any of its edits counts; nil when it has none.
    let isOn: Bool?

    init(_ feature: Feature, _ edits: [Edit], in stack: EditStack) {
        let effective = edits.map(stack.effective)
        self.feature = feature
        value = effective.reduce(feature.activation) { $1($0) }
        isOn = edits.isEmpty ? nil : effective.contains(where: \.isOn)
    }
}

extension FeatureList {
    fileprivate var title: String {
        if !filter.isEmpty { return "matching \"\(filter.text)\"" }
        return switch scope {
        case .strongest: "strongest features"
        case .all: "all features"
        case .edited: "edited features"
        }
    }
}

extension String {
    /// The text with a capital first letter.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension Feature {
    /// What the feature is called on the screen.
    var name: String { label ?? "feature \(index)" }
}
