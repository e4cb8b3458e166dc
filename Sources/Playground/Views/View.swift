import Terminal

/// The screen for a state.
func view(_ state: State) -> Frame {
    var painter = Painter(state.display)
    guard state.display.isLargeEnough else {
        painter.drawTooSmall(state.display.size)
        return Frame(canvas: painter.canvas)
    }
    let layout = state.layout
    painter.drawFeatures(state, layout)
    painter.drawEdits(state, layout)
    let pictures = painter.drawPictures(state, layout)
    painter.drawStatus(state, row: layout.statusRow)
    painter.drawKeys(state, row: layout.keyRow)
    guard !state.showsHelp else {
        painter.drawHelp(state.display.size)
        return Frame(canvas: painter.canvas)
    }
    return Frame(canvas: painter.canvas, pictures: pictures)
}
