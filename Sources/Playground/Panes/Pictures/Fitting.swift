import Pictures
import Terminal

/// Fits a picture into a rectangle of cells without cropping or distortion.
struct Fitting: Sendable, Equatable {
    /// The cells that the picture touches, centred in the rectangle given.
    let rectangle: Rectangle

    init(width: Int, height: Int, in room: Rectangle, cell: PixelSize) {
        let scale = min(Double(room.columns * cell.width) / Double(width), Double(room.rows * cell.height) / Double(height))
        let columns = Self.cells(Double(width) * scale, of: cell.width, atMost: room.columns)
        let rows = Self.cells(Double(height) * scale, of: cell.height, atMost: room.rows)
        rectangle = Rectangle(
            column: room.column + (room.columns - columns) / 2, row: room.row + (room.rows - rows) / 2, columns: columns, rows: rows)
    }

    private static func cells(_ pixels: Double, of size: Int, atMost limit: Int) -> Int {
        min(max(1, Int((pixels / Double(size)).rounded(.up))), limit)
    }
}
