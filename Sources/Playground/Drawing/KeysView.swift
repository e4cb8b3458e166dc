import Terminal

/// The keys that are of use now, in the last row.
extension Painter {
    mutating func drawKeys(_ state: State, row: Int) {
        if case .prompt(let prompt) = state.overlay, !prompt.choices.isEmpty {
            write(prompt.choices.joined(separator: "  "), column: 1, row: row, columns: canvas.size.columns - 2, style: theme.text)
            return
        }
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
        switch overlay {
        case .help: return [("↑ ↓", "scroll"), ("any other key", "close")]
        case .palette: return [("↑ ↓", "select"), ("Enter", "run"), ("Esc", "cancel")]
        case .prompt(let prompt): return keys(of: prompt)
        case .groups: return [("↑ ↓", "select"), ("Enter", "add"), ("Esc", "cancel")]
        case .borrowing:
            return [
                ("↑ ↓", "select"), ("Enter", "copy"), ("Space", "mark"), ("t", "mark from the top"), ("a", "mark all"),
                ("o", "subtract another picture"), ("Esc", "cancel"),
            ]
        case .browser: return [("↑ ↓", "select"), ("Enter", "add"), ("Tab", "sort"), ("Esc", "close")]
        case nil: break
        }
        if entry != nil { return [("Enter", "confirm"), ("Esc", "cancel"), ("x", "current value"), ("* / + -", "calculate")] }
        guard phase != .opening(nil), analysis != nil else { return named([(.quit, "quit"), (.help, "help")]) }
        return [("↑ ↓", "select"), ("← →", focus == .edits ? "strength" : "change")] + named(focus == .edits ? editKeys : featureKeys)
    }

    private func keys(of prompt: Prompt) -> [(key: String, meaning: String)] {
        let ends = [("Enter", "confirm"), ("Esc", prompt.purpose == .filter ? "clear" : "cancel")]
        return prompt.isPath || !names(for: prompt).isEmpty ? ends + [("Tab", "complete")] : ends
    }

    private var featureKeys: [(Action, String)] {
        [
            (.help, "help"), (.quit, "quit"), (.peek, "before"), (.undo, "undo"), (.type, "type"), (.switchList, "edits"),
            (.filter, "search"), (.browse, "library"),
            (.export, "save"), (.open, "open"), (.showNextComparison, "compare"), (.palette, "commands"), (.resetAll, "reset all"),
        ]
    }

    private var editKeys: [(Action, String)] {
        [
            (.switchList, "features"), (.switchEdit, "on/off"), (.delete, "delete"), (.group, "group"), (.solo, "solo"), (.help, "help"),
            (.moveUp, "up"), (.moveDown, "down"), (.duplicate, "duplicate"), (.undo, "undo"), (.quit, "quit"),
        ]
    }

    /// Actions with their first keys; those without a key are left out.
    private func named(_ actions: [(action: Action, meaning: String)]) -> [(key: String, meaning: String)] {
        actions.compactMap { action, meaning in bindings.key(of: action).map { ($0, meaning) } }
    }
}
