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
        guard phase != .opening(nil), analysis != nil else { return named([(SessionAction.quit, "quit"), (SessionAction.help, "help")]) }
        return [("↑ ↓", "select"), ("← →", focus == .edits ? "strength" : "change")] + named(focus == .edits ? editKeys : featureKeys)
    }

    private var featureKeys: [(any ActionSet, String)] {
        [
            (SessionAction.help, "help"), (SessionAction.quit, "quit"), (CompareAction.peek, "before"), (EditAction.undo, "undo"),
            (SliderAction.type, "type"), (SliderAction.switchList, "edits"), (SliderAction.filter, "search"),
            (LibraryAction.browse, "library"), (SessionAction.export, "save"), (PictureAction.open, "open"),
            (CompareAction.showNextComparison, "compare"), (SessionAction.palette, "commands"), (SliderAction.resetAll, "reset all"),
        ]
    }

    private var editKeys: [(any ActionSet, String)] {
        [
            (SliderAction.switchList, "features"), (EditAction.switchEdit, "on/off"), (EditAction.delete, "delete"),
            (EditAction.group, "group"), (EditAction.solo, "solo"), (SessionAction.help, "help"), (EditAction.moveUp, "up"),
            (EditAction.moveDown, "down"), (EditAction.duplicate, "duplicate"), (EditAction.undo, "undo"), (SessionAction.quit, "quit"),
        ]
    }

    /// Actions with their first keys; those without a key are left out.
    private func named(_ actions: [(action: any ActionSet, meaning: String)]) -> [KeyHint] {
        actions.compactMap { action, meaning in bindings.key(of: action).map { ($0, meaning) } }
    }
}
