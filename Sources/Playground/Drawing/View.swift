import Terminal

/// The screen for a state.
func view(_ state: State) -> Frame {
    var painter = Painter(state.display, state.options.configuration)
    guard state.display.isLargeEnough else {
        painter.drawTooSmall(state.display.size)
        return Frame(canvas: painter.canvas)
    }
    let layout = state.layout
    painter.drawFeatures(state, layout)
    painter.drawEdits(state, layout)
    let pictures = painter.drawPictures(state, layout) + icons(of: state, layout)
    painter.drawStatus(state, row: layout.statusRow)
    painter.drawKeys(state, row: layout.keyRow)
    switch state.overlay {
    case .help(let top): painter.drawHelp(state.bindings, top: top, in: layout.help)
    case .palette(let palette): painter.drawPalette(palette, state.bindings, in: layout.palette)
    case .groups(let groups): painter.drawGroups(groups, state, in: layout.palette)
    case .borrowing(let borrowing): painter.drawBorrowing(borrowing, layout)
    case .browser(let browser): painter.drawBrowser(browser, state, layout)
    case .prompt, nil: return Frame(canvas: painter.canvas, pictures: pictures)
    }
    // Pictures would lie over the overlay.
    return Frame(canvas: painter.canvas)
}
