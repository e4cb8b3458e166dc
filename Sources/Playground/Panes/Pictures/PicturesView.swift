import Pictures
import Terminal

/// The pictures before and after, arranged for comparison.
extension Painter {
    /// Draws the frames of the pictures.
    /// - Returns: the pictures and where they go.
    mutating func drawPictures(_ state: State, _ layout: Layout) -> [PlacedPicture] {
        let before = state.pictureBefore.map { Sight(.single($0), isDraft: false) }
        let left = layout.beforePanel.map { draw(before, state.beforeTitle, in: $0, state) } ?? []
        return left + draw(state.sight, state.sightTitle, in: layout.afterPanel, state)
    }

    private mutating func draw(_ sight: Sight?, _ title: String, in panel: Rectangle, _ state: State) -> [PlacedPicture] {
        let zoom = state.comparison.viewport.zoom
        box(panel, title: zoom == 1 ? title : "\(title) · ×\(zoom.formatted())")
        let room = panel.inset
        guard let sight, !room.isEmpty else {
            canvas.write(glyphs.dot, column: room.column + room.columns / 2, row: room.row + room.rows / 2, style: theme.faint)
            return []
        }
        let size = sight.composition.size
        let rectangle = Fitting(width: size.width, height: size.height, in: room, cell: state.display.cell).rectangle
        return [
            PlacedPicture(
                composition: sight.composition, viewport: state.comparison.viewport, rectangle: rectangle, isDraft: sight.isDraft)
        ]
    }
}

/// The content of a frame.
private struct Sight {
    var composition: Composition
    var isDraft: Bool

    init(_ composition: Composition, isDraft: Bool) {
        self.composition = composition
        self.isDraft = isDraft
    }
}

extension State {
    /// The content of the right frame, or of the only one.
    fileprivate var sight: Sight? {
        guard let before = pictureBefore else { return nil }
        if comparison.hidesAfter { return Sight(.single(before), isDraft: false) }
        guard let after = renders.shown else { return nil }
        switch comparison.mode {
        case .wipe: return Sight(.wipe(before: before, after: after.picture, divider: comparison.divider), isDraft: after.isDraft)
        case .difference: return Sight(.difference(before: before, after: after.picture), isDraft: after.isDraft)
        case .sideBySide, .before, .after: return Sight(.single(after.picture), isDraft: after.isDraft)
        }
    }

    fileprivate var beforeTitle: String { comparison.marked == nil ? "before" : "reference" }

    fileprivate var sightTitle: String {
        if comparison.hidesAfter { return beforeTitle }
        let after = renders.shown?.isFinished == false ? "after · draft" : "after"
        return switch comparison.mode {
        case .wipe: "\(beforeTitle) | \(after)"
        case .difference: "difference ×\(Comparison.amplification) · \(beforeTitle), \(after)"
        case .sideBySide, .before, .after: after
        }
    }
}
