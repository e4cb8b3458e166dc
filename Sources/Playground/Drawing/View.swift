import Pictures
import Terminal

/// The screen for a state.
func view(_ state: State) -> ScreenContent {
    var painter = Painter(state.display, state.options.configuration)
    guard state.display.isLargeEnough else {
        painter.drawTooSmall(state.display.size)
        return ScreenContent(canvas: painter.canvas)
    }
    let layout = state.layout
    let pictures = state.panes.flatMap { $0.draw(with: &painter, state, layout) }
    painter.drawStatus(state, row: layout.statusRow)
    painter.drawKeys(state, row: layout.keyRow)
    for overlay in state.overlays.all { overlay.draw(with: &painter, state, layout) }
    let covered = state.overlays.all.compactMap { $0.area(in: layout) }
    let visible = covered.reduce(pictures) { left, area in left.flatMap { $0.parts(beside: area) } }
    return ScreenContent(canvas: painter.canvas, pictures: visible)
}

/// What the screen shows: text, and pictures over parts of it.
struct ScreenContent: Sendable, Equatable {
    var canvas: Canvas
    var pictures: [PlacedPicture] = []
}

/// A picture and where it goes.
struct PlacedPicture: Sendable, Equatable {
    var composition: Composition
    var viewport: Viewport
    var rectangle: Rectangle
    /// Whether more is to come soon, so that speed counts more than colours.
    var isDraft: Bool
    /// The cells that the whole picture would fill, of which only those of `rectangle` are left; nil when that is all of it.
    var whole: Rectangle?

    /// The pixels to draw.
    var picture: Picture {
        let picture = composition.picture(in: viewport)
        guard let whole, !whole.isEmpty else { return picture }
        func pixel(_ cells: Int, of count: Int, _ length: Int) -> Int { (length * cells * 2 + count) / (2 * count) }
        let left = pixel(rectangle.column - whole.column, of: whole.columns, picture.width)
        let right = pixel(rectangle.endColumn - whole.column, of: whole.columns, picture.width)
        let top = pixel(rectangle.row - whole.row, of: whole.rows, picture.height)
        let bottom = pixel(rectangle.endRow - whole.row, of: whole.rows, picture.height)
        // The part is inside by construction; if it were not, the whole picture would be shown.
        return (try? picture.cropped(x: left, y: top, width: max(1, right - left), height: max(1, bottom - top))) ?? picture
    }

    /// What is left of it beside some cells; slivers are not worth showing.
    func parts(beside area: Rectangle) -> [PlacedPicture] {
        let covered = rectangle.intersection(area)
        guard !covered.isEmpty else { return [self] }
        let least = GridSize(columns: 8, rows: 4)
        let sides = [
            Rectangle(column: rectangle.column, row: rectangle.row, columns: rectangle.columns, rows: covered.row - rectangle.row),
            Rectangle(column: rectangle.column, row: covered.row, columns: covered.column - rectangle.column, rows: covered.rows),
            Rectangle(column: covered.endColumn, row: covered.row, columns: rectangle.endColumn - covered.endColumn, rows: covered.rows),
            Rectangle(column: rectangle.column, row: covered.endRow, columns: rectangle.columns, rows: rectangle.endRow - covered.endRow),
        ]
        return sides.filter { $0.columns >= least.columns && $0.rows >= least.rows }.map { side in
            var part = self
            part.rectangle = side
            part.whole = whole ?? rectangle
            return part
        }
    }
}

/// The message on a screen that is too small for the playground.
extension Painter {
    fileprivate mutating func drawTooSmall(_ size: GridSize) {
        let need = Layout.minimum
        let lines = [
            "The window is too small.", "have \(size.columns)×\(size.rows)", "need \(need.columns)×\(need.rows)", "press q to quit",
        ]
        let top = max(0, (size.rows - lines.count) / 2)
        for (offset, line) in lines.enumerated() {
            let line = glyphs.spelled(line)
            canvas.write(
                line, column: max(0, (size.columns - line.columns) / 2), row: top + offset, style: offset == 0 ? theme.title : theme.text)
        }
    }
}
