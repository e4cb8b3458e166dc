import Pictures
import Terminal

/// The place of everything on a screen of some size: views draw by it, and the mouse is read by it.
struct Layout: Sendable, Equatable {
    /// The smallest screen on which the playground fits: the VT100's, less the line that tmux takes.
    static let minimum = GridSize(columns: 80, rows: 23)

    private static let rowsPerFeature = 2
    /// A square, where cells are twice as high as wide.
    static let iconSize = GridSize(columns: 4, rows: rowsPerFeature)
    private static let leastEditRows = 3
    private static let strengthBarColumns = 15
    /// The width from which edits have a bar for their strength.
    private static let columnsForStrengthBars = 60

    let size: GridSize
    /// Panels with their borders; the features' is empty where the pictures have the whole screen.
    let featurePanel, afterPanel: Rectangle
    /// The panel of the picture before, in a comparison side by side.
    let beforePanel: Rectangle?
    /// The panel of the edits, unless the pictures have the whole screen.
    let editPanel: Rectangle?
    let statusRow, keyRow: Int
    /// The width that the icons take of the list of features.
    private let iconColumns: Int

    /// - Parameter editCount: how many rows the edits have.
    init(
        display: Display, picture: Picture?, comparison: Comparison = Comparison(), editCount: Int = 0, showsIcons: Bool = false
    ) {
        size = display.size
        iconColumns = showsIcons ? Self.iconSize.columns + 1 : 0
        let height = size.rows - 2
        statusRow = height
        keyRow = height + 1
        let left = comparison.isFullScreen ? 0 : min(max(size.columns * 7 / 20, 42), 64)
        featurePanel = Rectangle(column: 0, row: 0, columns: left, rows: left == 0 ? 0 : height)

        // The edits have as many rows as they need, up to a third; what the pictures then leave is theirs as well.
        let leastEdits = comparison.isFullScreen ? 0 : min(max(editCount, 1) + 2, max(height / 3, Self.leastEditRows))
        let room = Rectangle(column: left, row: 0, columns: size.columns - left, rows: max(4, height - leastEdits))
        let fit = PictureFit(room: room, cell: display.cell, picture: picture)
        let arrangement = comparison.mode == .sideBySide ? fit.arrangement(comparison.arrangement) : .one
        (beforePanel, afterPanel) = fit.panels(arrangement, fillsRoom: comparison.isFullScreen)
        editPanel =
            comparison.isFullScreen
            ? nil
            : Rectangle(column: left, row: afterPanel.endRow, columns: size.columns - left, rows: max(0, height - afterPanel.endRow))
    }

    /// The list of features, inside its border.
    var features: Rectangle { featurePanel.inset }

    /// The list of edits, inside its border.
    var edits: Rectangle? { editPanel?.inset }

    /// Where pictures are, with their borders.
    var pictures: Rectangle {
        let first = beforePanel ?? afterPanel
        return Rectangle(
            column: first.column, row: first.row, columns: afterPanel.endColumn - first.column, rows: afterPanel.endRow - first.row)
    }

    /// How many features are visible at once.
    var featureCapacity: Int { max(1, features.rows / Self.rowsPerFeature) }

    /// How many edits are visible at once.
    var editCapacity: Int { max(1, edits?.rows ?? 1) }

    /// The visible edit in a row of the screen, counted from the topmost.
    func editRow(atRow row: Int) -> Int? {
        guard let edits, row >= edits.row, row < edits.endRow else { return nil }
        return row - edits.row
    }

    /// Where a visible edit's row is.
    func edit(ofRow row: Int) -> Rectangle? {
        edits.map { Rectangle(column: $0.column, row: $0.row + row, columns: $0.columns, rows: 1) }
    }

    /// Where the mark is that says whether a visible edit is on.
    func editMark(ofRow row: Int) -> Rectangle? {
        edit(ofRow: row).map { Rectangle(column: $0.column + 2, row: $0.row, columns: 1, rows: 1) }
    }

    /// Where the bar of a visible edit's strength is, before the number; nil where there is no room.
    func strengthBar(ofRow row: Int) -> Rectangle? {
        guard let area = edit(ofRow: row), area.columns >= Self.columnsForStrengthBars else { return nil }
        return Rectangle(
            column: area.endColumn - 7 - Self.strengthBarColumns, row: area.row, columns: Self.strengthBarColumns, rows: 1)
    }

    /// The rows of the help, inside its border.
    var help: Rectangle { overlay(columns: size.columns >= 150 ? 146 : 74, rows: size.rows - 2).inset }

    /// The command palette with its border.
    var palette: Rectangle { overlay(columns: 74, rows: 18) }

    /// The library browser with its border.
    var browser: Rectangle { Rectangle(column: 0, row: 0, columns: size.columns, rows: size.rows - 2) }

    /// The rows of the library browser's list, below what is typed and the headings.
    var browserRows: Rectangle { browser.inset.below(2) }

    /// How many features of the library are visible at once.
    var browserCapacity: Int { max(1, browserRows.rows) }

    /// The rows of the differences to a donor, in the browser's place, below the headings.
    var transferRows: Rectangle { browser.inset.below(1) }

    /// How many differences to a donor are visible at once.
    var transferCapacity: Int { max(1, transferRows.rows) }

    /// The rows of the command palette's list, below what is typed.
    var paletteRows: Rectangle { palette.inset.below(1) }

    /// A rectangle over the middle of the screen.
    private func overlay(columns: Int, rows: Int) -> Rectangle {
        let columns = min(columns, size.columns)
        let rows = min(rows, size.rows)
        return Rectangle(column: (size.columns - columns) / 2, row: (size.rows - rows) / 2, columns: columns, rows: rows)
    }

    /// The visible feature at a cell, counted from the topmost; nil beside the list.
    func featureRow(atColumn column: Int, row: Int) -> Int? {
        features.contains(column: column, row: row) ? (row - features.row) / Self.rowsPerFeature : nil
    }

    /// Where a visible feature's name and numbers go.
    func title(ofRow row: Int) -> Rectangle {
        Rectangle(
            column: features.column + iconColumns, row: features.row + row * Self.rowsPerFeature, columns: features.columns - iconColumns,
            rows: 1)
    }

    /// Where a visible feature's slider goes.
    func bar(ofRow row: Int) -> Rectangle {
        let title = title(ofRow: row)
        return Rectangle(column: title.column + 2, row: title.row + 1, columns: title.columns - 4, rows: 1)
    }

    /// Where the icons of some visible features go, from the topmost on; nil where there are none.
    func icons(count: Int) -> Rectangle? {
        guard iconColumns > 0, count > 0 else { return nil }
        let rows = min(count, features.rows / Self.rowsPerFeature) * Self.rowsPerFeature
        return Rectangle(column: features.column, row: features.row, columns: Self.iconSize.columns, rows: rows)
    }
}

/// How pictures of one shape fit into the part of the screen that is theirs.
private struct PictureFit {
    /// Two pictures that are narrower than this are too small to compare: one large picture says more.
    private static let leastColumns = 24
    private static let leastRows = 4

    let room: Rectangle
    let cell: PixelSize
    /// Height over width.
    let aspect: Double

    init(room: Rectangle, cell: PixelSize, picture: Picture?) {
        self.room = room
        self.cell = cell
        aspect = picture.map { Double($0.height) / Double($0.width) } ?? 1
    }

    /// The arrangement in the place of the automatic one.
    func arrangement(_ wanted: Comparison.Arrangement) -> Comparison.Arrangement {
        guard wanted == .automatic else { return wanted }
        let (columns, rows) = (pictureColumns(in: half(.columns)), pictureColumns(in: half(.rows)))
        if max(columns, rows) < Self.leastColumns { return .one }
        return rows > columns ? .rows : .columns
    }

    /// The frames of the pictures, as high as the picture needs.
    func panels(_ arrangement: Comparison.Arrangement, fillsRoom: Bool) -> (before: Rectangle?, after: Rectangle) {
        switch arrangement {
        case .columns, .automatic:
            let width = room.columns / 2
            let rows = fillsRoom ? room.rows : rows(inColumns: width, atMost: room.rows)
            return (
                Rectangle(column: room.column, row: room.row, columns: width, rows: rows),
                Rectangle(column: room.column + width, row: room.row, columns: room.columns - width, rows: rows)
            )
        case .rows:
            let rows = fillsRoom ? room.rows / 2 : self.rows(inColumns: room.columns, atMost: room.rows / 2)
            return (
                Rectangle(column: room.column, row: room.row, columns: room.columns, rows: rows),
                Rectangle(
                    column: room.column, row: room.row + rows, columns: room.columns, rows: fillsRoom ? room.rows - rows : rows)
            )
        case .one:
            let rows = fillsRoom ? room.rows : rows(inColumns: room.columns, atMost: room.rows)
            return (nil, Rectangle(column: room.column, row: room.row, columns: room.columns, rows: rows))
        }
    }

    /// The room of one of two pictures, without its border.
    private func half(_ arrangement: Comparison.Arrangement) -> (columns: Int, rows: Int) {
        arrangement == .rows ? (room.columns - 2, room.rows / 2 - 2) : (room.columns / 2 - 2, room.rows - 2)
    }

    /// How many columns a picture fills.
    private func pictureColumns(in room: (columns: Int, rows: Int)) -> Int {
        min(room.columns, Int(Double(room.rows * cell.height) / aspect / Double(max(cell.width, 1))))
    }

    /// The rows of a frame in which the picture is as wide as the frame allows.
    private func rows(inColumns columns: Int, atMost most: Int) -> Int {
        let pixels = Double((columns - 2) * cell.width) * aspect
        return max(min(Int((pixels / Double(max(cell.height, 1))).rounded(.up)) + 2, most), Self.leastRows)
    }
}

extension Rectangle {
    /// What a border of one cell leaves.
    var inset: Rectangle { Rectangle(column: column + 1, row: row + 1, columns: max(0, columns - 2), rows: max(0, rows - 2)) }

    /// With a border of one cell around it.
    var outset: Rectangle { Rectangle(column: column - 1, row: row - 1, columns: columns + 2, rows: rows + 2) }

    /// What some rows at the top leave.
    fileprivate func below(_ rows: Int) -> Rectangle {
        Rectangle(column: column, row: row + rows, columns: columns, rows: max(0, self.rows - rows))
    }
}
