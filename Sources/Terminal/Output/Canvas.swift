/// A grid of styled characters: what a view draws, and what the screen shows.
///
/// Everything that falls outside is clipped, so views need no checks of their own.
public struct Canvas: Equatable, Sendable {
    /// One character cell.
    public struct Cell: Equatable, Sendable {
        public var character: Character
        public var style: Style
        /// Whether this is the right half of the wide character in the cell before.
        public var isContinuation: Bool

        public init(_ character: Character = " ", style: Style = .plain, isContinuation: Bool = false) {
            self.character = character
            self.style = style
            self.isContinuation = isContinuation
        }
    }

    public let size: GridSize
    private var cells: [Cell]

    /// An empty canvas; sizes below zero count as zero.
    public init(columns: Int, rows: Int) {
        size = GridSize(columns: max(0, columns), rows: max(0, rows))
        cells = Array(repeating: Cell(), count: size.columns * size.rows)
    }

    /// The whole canvas.
    public var bounds: Rectangle { Rectangle(column: 0, row: 0, columns: size.columns, rows: size.rows) }

    /// The cell at a place; a blank one outside the canvas.
    public subscript(column column: Int, row row: Int) -> Cell {
        bounds.contains(column: column, row: row) ? cells[row * size.columns + column] : Cell()
    }

    /// Writes one line of text from a place to the right, cut at the canvas's edges and after `maximumWidth` columns.
    /// - Returns: how many columns the text took, clipped ones included.
    @discardableResult
    public mutating func write(_ text: String, column: Int, row: Int, style: Style = .plain, maximumWidth: Int = .max) -> Int {
        var used = 0
        for character in text.lazy.map(\.drawable) {
            guard character.columns <= maximumWidth - used else { break }
            put(character, column: column + used, row: row, style: style)
            used += character.columns
        }
        return used
    }

    /// Fills a rectangle with one character of width 1.
    public mutating func fill(_ rectangle: Rectangle, with character: Character = " ", style: Style = .plain) {
        let area = rectangle.intersection(bounds)
        let drawable = character.drawable.columns == 1 ? character.drawable : " "
        for row in area.row..<area.endRow {
            for column in area.column..<area.endColumn {
                put(drawable, column: column, row: row, style: style)
            }
        }
    }

    /// Changes the style of a rectangle and keeps its characters.
    public mutating func restyle(_ rectangle: Rectangle, _ change: (inout Style) -> Void) {
        let area = rectangle.intersection(bounds)
        for row in area.row..<area.endRow {
            for column in area.column..<area.endColumn {
                change(&cells[row * size.columns + column].style)
            }
        }
    }

    /// The characters alone, one line per row, without the blanks at the right: what golden files hold.
    public var text: String {
        (0..<size.rows).map(line).joined(separator: "\n")
    }

    private func line(_ row: Int) -> String {
        let characters = cells[row * size.columns..<(row + 1) * size.columns].lazy.filter { !$0.isContinuation }.map(\.character)
        var line = String(characters)
        while line.last == " " { line.removeLast() }
        return line
    }

    private mutating func put(_ character: Character, column: Int, row: Int, style: Style) {
        let width = character.columns
        guard bounds.contains(column: column, row: row) || bounds.contains(column: column + width - 1, row: row) else { return }
        if width == 2, column < 0 || column + 1 >= size.columns {
            // Half a wide character cannot be shown; its place is left blank.
            return set(Cell(style: style), column: max(0, column), row: row)
        }
        set(Cell(character, style: style), column: column, row: row)
        if width == 2 { set(Cell(" ", style: style, isContinuation: true), column: column + 1, row: row, keepingLeft: true) }
    }

    /// Sets one cell, and blanks the other half of a wide character that it cuts.
    private mutating func set(_ cell: Cell, column: Int, row: Int, keepingLeft: Bool = false) {
        let index = row * size.columns + column
        if cells[index].isContinuation, !keepingLeft { cells[index - 1].character = " " }
        if column + 1 < size.columns, cells[index + 1].isContinuation, !cell.isContinuation || keepingLeft {
            cells[index + 1] = Cell(style: cells[index + 1].style)
        }
        cells[index] = cell
    }
}
