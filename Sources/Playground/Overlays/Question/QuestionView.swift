import Terminal

/// The question and the text in the status line, unless an error is shown there; what Tab found takes the key bar's place.
extension Question {
    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) {
        if state.notice?.isError != true { painter.draw(self, row: layout.statusRow) }
        if !choices.isEmpty { painter.draw(choices, row: layout.keyRow) }
    }

    func hints(in state: State) -> [KeyHint] {
        let ends = [("Enter", "confirm"), ("Esc", purpose == .filter ? "clear" : "cancel")]
        return isPath || !names(in: state).isEmpty ? ends + [("Tab", "complete")] : ends
    }
}

extension Painter {
    fileprivate mutating func draw(_ question: Question, row: Int) {
        let columns = canvas.size.columns
        canvas.fill(Rectangle(column: 0, row: row, columns: columns, rows: 1))
        let begin = write(question.words, column: 1, row: row, columns: columns - 2, style: theme.title) + 2
        let style = question.field.isProposal ? theme.selection : theme.keyName
        draw(question.field, column: begin, row: row, columns: max(1, columns - begin - 1), style: style)
    }

    fileprivate mutating func draw(_ choices: [String], row: Int) {
        canvas.fill(Rectangle(column: 0, row: row, columns: canvas.size.columns, rows: 1))
        write(choices.joined(separator: "  "), column: 1, row: row, columns: canvas.size.columns - 2, style: theme.text)
    }
}

extension Question {
    fileprivate var words: String {
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
