import Terminal

/// The keys and what they do, over the middle of the screen; any key that does not scroll closes it.
struct Help: TextOverlay {
    var text = ScrolledText()
    let afterOtherKeys = Response.closes()

    func size(in state: State) -> ScrolledText.Size {
        let area = state.layout.help
        return ScrolledText.Size(lines: HelpText.lineCount(for: state.bindings, in: area), rows: area.rows)
    }

    func area(in layout: Layout) -> Rectangle? { layout.help.outset }

    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) {
        painter.drawHelp(state.bindings, top: text.top, in: layout.help)
    }

    func hints(in state: State) -> [KeyHint] { [("↑ ↓", "scroll"), ("any other key", "close")] }
}

extension Painter {
    fileprivate mutating func drawHelp(_ bindings: Bindings, top: Int, in area: Rectangle) {
        let frame = area.outset
        canvas.fill(frame)
        let isLonger = HelpText.lineCount(for: bindings, in: area) > area.rows
        box(frame, title: isLonger ? "help · ↑ ↓ scroll · any other key closes" : "help · any key closes", hasFocus: true)
        for (place, line) in HelpText.visible(bindings, top: top, in: area) {
            guard !line.help.isEmpty else {
                write(line.name, column: place.column, row: place.row, columns: place.columns, style: theme.title)
                continue
            }
            write(line.name, column: place.column, row: place.row, columns: HelpText.nameColumns - 1, style: theme.keyName)
            write(
                line.help, column: place.column + HelpText.nameColumns, row: place.row, columns: place.columns - HelpText.nameColumns,
                style: theme.text)
        }
    }
}

/// The layout of the help: section by section, in as many columns as fit.
enum HelpText {
    /// A key or a mouse gesture with its description, or the title of a section, which has none.
    struct Line: Equatable {
        let name, help: String
    }

    static let nameColumns = 16
    private static let columnWidth = 72

    /// The visible lines, each with its place, when the help is scrolled down by some rows.
    static func visible(_ bindings: Bindings, top: Int, in area: Rectangle) -> [(place: Rectangle, line: Line)] {
        columns(of: bindings, in: area).enumerated().flatMap { column, lines in
            lines.enumerated().dropFirst(top).prefix(area.rows).map { row, line in
                let place = Rectangle(
                    column: area.column + 1 + column * columnWidth, row: area.row + row - top, columns: min(columnWidth, area.columns) - 2,
                    rows: 1)
                return (place, line)
            }
        }
    }

    /// How many lines the longest column has.
    static func lineCount(for bindings: Bindings, in area: Rectangle) -> Int { columns(of: bindings, in: area).map(\.count).max() ?? 0 }

    /// The lines of each column. A section stays in one piece, with a blank line before it.
    private static func columns(of bindings: Bindings, in area: Rectangle) -> [[Line]] {
        let sections = bindings.sections.map(lines)
        let count = max(1, area.columns / columnWidth)
        let height = (sections.reduce(0) { $0 + $1.count + 1 } + count - 1) / count
        var columns: [[Line]] = [[]]
        for section in sections {
            let used = columns[columns.count - 1].count
            if used > 0, used + section.count / 2 > height, columns.count < count {
                columns.append(section)
            } else {
                columns[columns.count - 1] += (used > 0 ? [Line(name: "", help: "")] : []) + section
            }
        }
        return columns
    }

    private static func lines(of section: BindingSection) -> [Line] {
        let keys = section.bindings.filter { !$0.keys.isEmpty }.map { Line(name: $0.names, help: $0.help) }
        return [Line(name: section.title, help: "")] + keys + section.gestures.map { Line(name: $0.name, help: $0.help) }
    }
}
