import Terminal

/// The question and the text in the status line; what is wrong with it, or what Tab found, takes the key bar's place.
extension InputLine {
    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) {
        painter.draw(self, row: layout.statusRow)
        if let notice = state.notice, notice.isError {
            painter.draw(notice.text, row: layout.keyRow, style: painter.theme.error)
        } else if !choices.isEmpty {
            painter.draw(choices.joined(separator: "  "), row: layout.keyRow, style: painter.theme.text)
        }
    }

    func hints(in state: State) -> [KeyHint] {
        let ends = [("Enter", "confirm"), ("Esc", purpose == .filter ? "clear" : "cancel")]
        return isPath || !names(in: state).isEmpty ? ends + [("Tab", "complete")] : ends
    }
}

extension Painter {
    fileprivate mutating func draw(_ line: InputLine, row: Int) {
        let columns = canvas.size.columns
        canvas.fill(Rectangle(column: 0, row: row, columns: columns, rows: 1))
        let begin = write(line.words, column: 1, row: row, columns: columns - 2, style: theme.title) + 2
        let style = line.field.isProposal ? theme.selection : theme.keyName
        draw(line.field, column: begin, row: row, columns: max(1, columns - begin - 1), style: style)
    }

    fileprivate mutating func draw(_ text: String, row: Int, style: Style) {
        canvas.fill(Rectangle(column: 0, row: row, columns: canvas.size.columns, rows: 1))
        write(text, column: 1, row: row, columns: canvas.size.columns - 2, style: style)
    }
}

extension InputLine {
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
        case .place: "save as:"
        case .direction: "direction (from > to, or one phrase):"
        case .name(.edit): "group name (empty: ungroup):"
        case .name(.group): "rename group:"
        case .gather(let edits): "group name for \(edits.count == 1 ? "1 edit" : "\(edits.count) edits") (empty: ungroup):"
        }
    }
}
