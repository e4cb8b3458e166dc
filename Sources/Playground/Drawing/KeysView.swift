import Terminal

/// The key bar in the last row: the keys of use now.
extension Painter {
    mutating func drawKeys(_ state: State, row: Int) {
        var column = 1
        for (key, meaning) in state.hints {
            let (key, meaning) = (glyphs.spelled(key), glyphs.spelled(meaning))
            guard column + key.columns + meaning.columns + 1 < canvas.size.columns else { return }
            column += canvas.write(key, column: column, row: row, style: theme.keyName) + 1
            column += canvas.write(meaning, column: column, row: row, style: theme.faint) + 2
        }
    }
}

extension State {
    fileprivate var hints: [KeyHint] {
        if let overlay = overlays.top { return overlay.hints(in: self) }
        guard phase != .opening(nil), analysis != nil else {
            return bindings.hints([(SessionAction.quit, "quit"), (SessionAction.help, "help")])
        }
        return focusedPane.hints(in: self)
    }
}

extension Bindings {
    /// Actions with their first keys; those without a key are left out.
    func hints(_ actions: [(action: any ActionSet, meaning: String)]) -> [KeyHint] {
        actions.compactMap { action, meaning in key(of: action).map { ($0, meaning) } }
    }
}
