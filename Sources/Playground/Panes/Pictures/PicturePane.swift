import Pictures
import Terminal

/// The pictures before and after: comparing, zooming and panning.
struct PicturePane: Pane {
    private static let peekSeconds = 0.7
    /// The share of what is visible by which a key pans.
    private static let panStep = 0.25

    var comparison = Comparison()
    /// Where the mouse drags the pictures from, while it does.
    private var grabbed: MousePlace?

    /// A cell of the screen.
    private struct MousePlace: Sendable, Equatable {
        var column, row: Int
    }

    /// What the networks make of the picture without edits, once it has been seen.
    private var reconstruction: Picture?

    /// The picture that the steered one is compared with.
    func before(_ state: State) -> Picture? {
        comparison.marked ?? (comparesWithReconstruction ? reconstruction : state.analysis?.picture)
    }

    /// Whether it is compared with its reconstruction.
    var comparesWithReconstruction: Bool { comparison.origin == .reconstruction && reconstruction != nil }

    /// Shows another picture, whole and without a reference.
    mutating func begin() {
        comparison.marked = nil
        comparison.viewport = Viewport()
        reconstruction = nil
    }

    // MARK: Keys

    mutating func perform(_ action: CompareAction, _ state: State) -> [PaneAnswer] {
        switch action {
        // For as long as the key repeats: terminals do not report its release.
        case .peek:
            comparison.isPeeking = true
            return [.effect(.startTimer(.peek, seconds: Self.peekSeconds))]
        case .toggleBefore: comparison.showsBefore.toggle()
        case .showNextComparison: comparison.showNextMode()
        case .compareSideBySide: comparison.mode = .sideBySide
        case .compareByWipe: comparison.mode = .wipe
        case .compareByDifference: comparison.mode = .difference
        case .showBeforeOnly: comparison.mode = .before
        case .showAfterOnly: comparison.mode = .after
        case .moveDividerLeft: comparison.moveDivider(by: -Comparison.dividerStep)
        case .moveDividerRight: comparison.moveDivider(by: Comparison.dividerStep)
        case .markBefore: return mark(state)
        case .unmarkBefore: comparison.marked = nil
        case .switchOrigin: return switchOrigin()
        case .arrange: return arrange()
        case .zoomIn: comparison.viewport.zoom(in: true)
        case .zoomOut: comparison.viewport.zoom(in: false)
        case .panLeft: comparison.viewport.pan(x: -Self.panStep)
        case .panRight: comparison.viewport.pan(x: Self.panStep)
        case .panUp: comparison.viewport.pan(y: -Self.panStep)
        case .panDown: comparison.viewport.pan(y: Self.panStep)
        case .fullScreen: comparison.isFullScreen.toggle()
        case .showNextGraphics: return showNextGraphics(state)
        }
        return []
    }

    private mutating func switchOrigin() -> [PaneAnswer] {
        comparison.marked = nil
        comparison.origin = comparison.origin == .file ? .reconstruction : .file
        return [.inform(comparison.origin == .file ? "Before is the file." : "Before is the picture as the networks reconstruct it.")]
    }

    private mutating func arrange() -> [PaneAnswer] {
        comparison.showNextArrangement()
        let words =
            switch comparison.arrangement {
            case .automatic: "Pictures are arranged as they are largest."
            case .columns: "Pictures are side by side."
            case .rows: "Pictures are stacked."
            case .one: "One large picture; hold Space for the one before."
            }
        return [.inform(words)]
    }

    private mutating func mark(_ state: State) -> [PaneAnswer] {
        guard let shown = state.renders.shown else { return [.inform("There is no picture to compare with yet.")] }
        comparison.marked = shown.picture
        let key = state.bindings.key(of: CompareAction.unmarkBefore) ?? ":"
        return [.inform("This picture is now the reference; \(key) clears it.")]
    }

    private func showNextGraphics(_ state: State) -> [PaneAnswer] {
        let all = state.display.graphics
        let next = all[((all.firstIndex(of: state.graphics) ?? 0) + 1) % all.count]
        return [.graphics(next), .inform("Drawing pictures as \(next.name).")]
    }

    // MARK: Mouse

    func area(in layout: Layout) -> Rectangle? { layout.pictures }

    var isHolding: Bool { grabbed != nil }

    mutating func letGo() { grabbed = nil }

    mutating func point(_ event: MouseEvent, _ state: State) -> [PaneAnswer] {
        switch event.kind {
        case .press(.left):
            grabbed = MousePlace(column: event.column, row: event.row)
            if comparison.mode == .wipe { putDivider(at: event, state) }
        case .press(.right): comparison.isPeeking = true
        case .drag(.left): drag(event, state)
        case .wheel(.up): comparison.viewport.zoom(in: true)
        case .wheel(.down): comparison.viewport.zoom(in: false)
        default: break
        }
        return []
    }

    /// Moves the divider of a wipe, or what is visible of the pictures.
    private mutating func drag(_ event: MouseEvent, _ state: State) {
        guard let last = grabbed else { return }
        grabbed = MousePlace(column: event.column, row: event.row)
        if comparison.mode == .wipe { return putDivider(at: event, state) }
        let room = state.layout.afterPanel.inset
        comparison.viewport.pan(
            x: Double(last.column - event.column) / Double(max(1, room.columns)),
            y: Double(last.row - event.row) / Double(max(1, room.rows)))
    }

    private mutating func putDivider(at event: MouseEvent, _ state: State) {
        guard let picture = before(state) else { return }
        let room = state.layout.afterPanel.inset
        let placed = Fitting(width: picture.width, height: picture.height, in: room, cell: state.display.cell).rectangle
        guard placed.columns > 0 else { return }
        comparison.divider = (Double(event.column - placed.column) + 0.5) / Double(placed.columns)
    }

    // MARK: Following

    mutating func settle(_ state: State) -> [PaneAnswer] {
        if let request = state.uneditedRequest, let picture = state.renders.cache[state.key(of: request)] { reconstruction = picture }
        return []
    }
}

extension GraphicsProtocol {
    /// Its name in the status line.
    var name: String {
        switch self {
        case .kitty: "kitty graphics"
        case .sixel: "sixel graphics"
        case .blocks: "half blocks"
        case .ascii: "characters"
        }
    }
}
