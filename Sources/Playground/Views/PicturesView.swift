import Pictures
import Terminal

/// The original and the steered picture, side by side.
extension Painter {
    /// Draws the frames of the pictures.
    /// - Returns: the pictures and where they go.
    mutating func drawPictures(_ state: State, _ layout: Layout) -> [PlacedPicture] {
        box(layout.beforePanel, title: "before")
        box(layout.afterPanel, title: state.afterTitle)
        let cell = state.display.cell
        var pictures: [PlacedPicture] = []
        if let original = state.analysis?.picture {
            pictures.append(original.placed(in: layout.beforePanel.inset, cell: cell, isDraft: false))
        } else {
            drawPlaceholder(in: layout.beforePanel.inset)
        }
        if let after = state.afterPicture {
            pictures.append(after.picture.placed(in: layout.afterPanel.inset, cell: cell, isDraft: after.isDraft))
        } else {
            drawPlaceholder(in: layout.afterPanel.inset)
        }
        return pictures
    }

    private mutating func drawPlaceholder(in area: Rectangle) {
        let text = Rectangle(column: area.column, row: area.row + area.rows / 2, columns: area.columns, rows: 1)
        canvas.write(glyphs.dot, column: text.column + text.columns / 2, row: text.row, style: theme.faint)
    }
}

extension State {
    /// What stands in the right frame.
    fileprivate var afterPicture: Renders.Shown? {
        showsBefore ? analysis.map { Renders.Shown(picture: $0.picture, isDraft: false) } : renders.shown
    }

    fileprivate var afterTitle: String {
        if showsBefore { return "before" }
        return renders.shown?.isFinished == false ? "after · draft" : "after"
    }
}

extension Picture {
    fileprivate func placed(in room: Rectangle, cell: PixelSize, isDraft: Bool) -> PlacedPicture {
        PlacedPicture(picture: self, rectangle: Fitting(width: width, height: height, in: room, cell: cell).rectangle, isDraft: isDraft)
    }
}
