/// The content of the screen, shown or to be shown: a canvas and the images over it.
struct Frame {
    let canvas: Canvas
    var images: [PlacedImage]
    /// For every cell whether an image lies over it.
    private let cover: [Bool]

    init(canvas: Canvas, images: [PlacedImage]) {
        self.canvas = canvas
        self.images = images
        var cover = [Bool](repeating: false, count: canvas.size.columns * canvas.size.rows)
        for image in images {
            let area = image.rectangle.intersection(canvas.bounds)
            for row in area.row..<area.endRow {
                for column in area.column..<area.endColumn { cover[row * canvas.size.columns + column] = true }
            }
        }
        self.cover = cover
    }

    /// An empty frame.
    init(size: GridSize) {
        self.init(canvas: Canvas(columns: size.columns, rows: size.rows), images: [])
    }

    func isCovered(column: Int, row: Int) -> Bool {
        canvas.bounds.contains(column: column, row: row) && cover[row * canvas.size.columns + column]
    }

    /// Whether a cell's text must be sent to get from another frame to this one.
    func differs(from other: Frame, column: Int, row: Int) -> Bool {
        let covered = isCovered(column: column, row: row)
        guard covered == other.isCovered(column: column, row: row) else { return true }
        return !covered && canvas[column: column, row: row] != other.canvas[column: column, row: row]
    }
}
