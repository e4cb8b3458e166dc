import Pictures
import Terminal

/// The pictures before and after, arranged for comparison.
extension PicturePane {
    /// Draws the frames.
    /// - Returns: the pictures and where they go.
    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) -> [PlacedPicture] {
        let before = before(state).map { Sight(.single($0), isDraft: false) }
        let left = layout.beforePanel.map { painter.draw(before, titles(before: true, state), in: $0, state) } ?? []
        return left + painter.draw(sight(state), titles(before: comparison.hidesAfter, state), in: layout.afterPanel, state)
    }

    /// The content of the right frame, or of the only one.
    private func sight(_ state: State) -> Sight? {
        guard let before = before(state) else { return nil }
        if comparison.hidesAfter { return Sight(.single(before), isDraft: false) }
        guard let after = state.renders.shown else { return nil }
        switch comparison.mode {
        case .wipe: return Sight(.wipe(before: before, after: after.picture, divider: comparison.divider), isDraft: after.isDraft)
        case .difference: return Sight(.difference(before: before, after: after.picture, gain: comparison.gain), isDraft: after.isDraft)
        case .sideBySide, .before, .after: return Sight(.single(after.picture), isDraft: after.isDraft)
        }
    }

    /// What a frame may be called, the longest first: what it shows, of which file and place in the folder, and how large.
    private func titles(before isBefore: Bool, _ state: State) -> [String] {
        let short = isBefore ? beforeName : afterName(state)
        let zoom = comparison.viewport.zoom
        let closer = zoom == 1 ? "" : " · ×\(zoom.formatted())"
        guard let source = state.source, let picture = state.analysis?.picture else { return [short + closer] }
        let place = state.place.map { " \($0.number)/\($0.count)" } ?? ""
        let file = "\(short) · \(source.url.lastPathComponent)\(place)"
        let kind = isBefore && comparison.marked == nil ? (comparesWithReconstruction ? " · reconstruction" : " · file") : ""
        let size = " · \(picture.width)×\(picture.height)"
        let kindAlone = kind.isEmpty ? [] : [short + kind]
        return ([file + kind + size, file + kind] + kindAlone + [file, short]).map { $0 + closer }
    }

    private var beforeName: String { comparison.marked == nil ? "before" : "reference" }

    private func afterName(_ state: State) -> String {
        let after = state.renders.shown?.isFinished == false ? "after · draft" : "after"
        return switch comparison.mode {
        case .wipe: "\(beforeName) | \(after)"
        case .difference: "difference ×\(comparison.gain) · \(beforeName), \(after)"
        case .sideBySide, .before, .after: after
        }
    }
}

extension Painter {
    fileprivate mutating func draw(_ sight: Sight?, _ titles: [String], in panel: Rectangle, _ state: State) -> [PlacedPicture] {
        box(panel, title: titles.first { $0.columns <= panel.columns - 6 } ?? titles.last ?? "")
        let room = panel.inset
        guard let sight, !room.isEmpty else {
            canvas.write(glyphs.dot, column: room.column + room.columns / 2, row: room.row + room.rows / 2, style: theme.faint)
            return []
        }
        let size = sight.composition.size
        let rectangle = Fitting(width: size.width, height: size.height, in: room, cell: state.display.cell).rectangle
        return [
            PlacedPicture(
                composition: sight.composition, viewport: state.pictures.comparison.viewport, rectangle: rectangle, isDraft: sight.isDraft)
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

/// Fits a picture into a rectangle of cells without cropping or distortion.
struct Fitting: Sendable, Equatable {
    /// The cells that the picture touches, centred in the rectangle given.
    let rectangle: Rectangle

    init(width: Int, height: Int, in room: Rectangle, cell: PixelSize) {
        let scale = min(Double(room.columns * cell.width) / Double(width), Double(room.rows * cell.height) / Double(height))
        let columns = Self.cells(Double(width) * scale, of: cell.width, atMost: room.columns)
        let rows = Self.cells(Double(height) * scale, of: cell.height, atMost: room.rows)
        rectangle = Rectangle(
            column: room.column + (room.columns - columns) / 2, row: room.row + (room.rows - rows) / 2, columns: columns, rows: rows)
    }

    private static func cells(_ pixels: Double, of size: Int, atMost limit: Int) -> Int {
        min(max(1, Int((pixels / Double(size)).rounded(.up))), limit)
    }
}
