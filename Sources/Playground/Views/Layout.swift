import Pictures
import Terminal

/// Where everything is on a screen of some size: the views draw by it, and the mouse is understood by it.
struct Layout: Sendable, Equatable {
    /// The smallest screen on which the playground fits.
    static let minimum = GridSize(columns: 80, rows: 24)

    private static let rowsPerFeature = 2
    private static let leastEditRows = 3

    /// Panels with their borders.
    let featurePanel, beforePanel, afterPanel: Rectangle
    /// The panel of the edits; nil where the pictures take all the height.
    let editPanel: Rectangle?
    let statusRow, keyRow: Int

    init(display: Display, picture: Picture?) {
        let columns = display.size.columns
        let height = display.size.rows - 2
        let left = min(max(columns * 7 / 20, 42), 64)
        let half = (columns - left) / 2
        let pictureHeight = Self.pictureHeight(columns: half, rows: height, cell: display.cell, picture: picture)

        featurePanel = Rectangle(column: 0, row: 0, columns: left, rows: height)
        beforePanel = Rectangle(column: left, row: 0, columns: half, rows: pictureHeight)
        afterPanel = Rectangle(column: left + half, row: 0, columns: columns - left - half, rows: pictureHeight)
        editPanel =
            pictureHeight == height
            ? nil : Rectangle(column: left, row: pictureHeight, columns: columns - left, rows: height - pictureHeight)
        statusRow = height
        keyRow = height + 1
    }

    /// The list of features, inside its border.
    var features: Rectangle { featurePanel.inset }

    /// How many features are visible at once.
    var featureCapacity: Int { max(1, features.rows / Self.rowsPerFeature) }

    /// The visible feature at a cell, counted from the topmost; nil beside the list.
    func featureRow(atColumn column: Int, row: Int) -> Int? {
        features.contains(column: column, row: row) ? (row - features.row) / Self.rowsPerFeature : nil
    }

    /// Where a visible feature's name and numbers go.
    func title(ofRow row: Int) -> Rectangle {
        Rectangle(column: features.column, row: features.row + row * Self.rowsPerFeature, columns: features.columns, rows: 1)
    }

    /// Where a visible feature's slider goes.
    func bar(ofRow row: Int) -> Rectangle {
        Rectangle(column: features.column + 2, row: features.row + row * Self.rowsPerFeature + 1, columns: features.columns - 4, rows: 1)
    }

    /// The rows of a panel in which the picture is as wide as the panel allows, as far as there is room.
    ///
    /// All rows are the picture's where the rest would be of no use.
    private static func pictureHeight(columns: Int, rows: Int, cell: PixelSize, picture: Picture?) -> Int {
        let aspect = picture.map { Double($0.height) / Double($0.width) } ?? 1
        let pixels = Double((columns - 2) * cell.width) * aspect
        let wanted = Int((pixels / Double(max(cell.height, 1))).rounded(.up)) + 2
        return wanted + leastEditRows > rows ? rows : max(wanted, 4)
    }
}

extension Rectangle {
    /// What a border of one cell leaves.
    var inset: Rectangle { Rectangle(column: column + 1, row: row + 1, columns: max(0, columns - 2), rows: max(0, rows - 2)) }
}
