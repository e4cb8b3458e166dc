import Terminal

/// The line in which a text is typed.
extension Painter {
    mutating func drawPrompt(_ prompt: Prompt, row: Int, columns: Int) {
        canvas.fill(Rectangle(column: 0, row: row, columns: columns, rows: 1))
        let question = write(prompt.question, column: 1, row: row, columns: columns - 2, style: theme.title) + 2
        let room = max(1, columns - question - 2)
        let text = glyphs.spelled(prompt.text)
        // The end of what is typed stays visible.
        let visible = String(text.suffix(room))
        let style = prompt.isProposal ? theme.selection : theme.keyName
        let used = canvas.write(visible, column: question, row: row, style: style, maximumWidth: room)
        canvas.write(" ", column: question + used, row: row, style: Style(reversed: true))
    }
}

extension Prompt {
    fileprivate var question: String {
        switch purpose {
        case .filter: "search:"
        case .open: "open:"
        case .steps: "steps:"
        case .guidance: "guidance:"
        case .seed: "seed:"
        case .randomise: "features to set at random:"
        case .donor: "transfer from picture:"
        case .origin: "subtract picture:"
        case .direction: "direction (from > to, or one phrase):"
        case .name(.edit): "group name (empty: ungroup):"
        case .name(.group): "rename group:"
        case .gather(let edits): "group name for \(edits.count == 1 ? "1 edit" : "\(edits.count) edits") (empty: ungroup):"
        }
    }
}
