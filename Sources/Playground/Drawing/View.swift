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
    return ScreenContent(
        canvas: painter.canvas,
        pictures: pictures.filter { placed in covered.allSatisfy { $0.intersection(placed.rectangle).isEmpty } })
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

    /// The pixels to draw.
    var picture: Picture { composition.picture(in: viewport) }
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
