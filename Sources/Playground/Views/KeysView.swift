import Terminal

/// The keys that are of use now, in the last row.
extension Painter {
    mutating func drawKeys(_ state: State, row: Int) {
        var column = 1
        for (key, meaning) in state.usefulKeys {
            let (key, meaning) = (glyphs.spelled(key), glyphs.spelled(meaning))
            guard column + key.columns + meaning.columns + 1 < canvas.size.columns else { return }
            column += canvas.write(key, column: column, row: row, style: theme.keyName) + 1
            column += canvas.write(meaning, column: column, row: row, style: theme.faint) + 2
        }
    }
}

extension State {
    fileprivate var usefulKeys: [(key: String, meaning: String)] {
        if showsHelp { return [("any key", "back"), ("q", "quit")] }
        if entry != nil { return [("Enter", "set"), ("Esc", "leave"), ("x", "value so far"), ("* / + -", "calculate")] }
        guard phase == .ready else { return [("q", "quit"), ("?", "help")] }
        return [
            ("↑ ↓", "select"), ("← →", "change"), ("?", "help"), ("q", "quit"), ("Space", showsBefore ? "after" : "before"), ("u", "undo"),
            ("=", "type"), ("s", "save"),
            ("R", "reset all"), ("Tab", "list"), ("g", "graphics"),
        ]
    }
}
