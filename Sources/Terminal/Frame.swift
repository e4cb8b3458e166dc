/// What is on the screen, or shall be: a canvas and the images over it.
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

    /// The bytes that erase what images of an earlier frame leave behind; empty when nothing does.
    ///
    /// Only printing over it removes a picture on every terminal, on some only with a background colour: so each cell gets a space on
    /// black, then one without.
    func erasure(after earlier: Frame) -> [UInt8] {
        let gone = earlier.images.filter { image in !images.contains { $0.rectangle == image.rectangle } }
        var erasure = ""
        for image in gone {
            for row in image.rectangle.row..<image.rectangle.endRow {
                for span in spans(of: image.rectangle, row: row) {
                    let move = TerminalModes.move(column: span.lowerBound, row: row)
                    let blanks = String(repeating: " ", count: span.count)
                    erasure += "\(move)\u{1B}[0;40m\(blanks)\(move)\u{1B}[0m\(blanks)"
                }
            }
        }
        return erasure.isEmpty ? [] : Array((TerminalModes.saveCursor + erasure + TerminalModes.restoreCursor).utf8)
    }

    /// The stretches of a row of a rectangle that no image of this frame covers.
    private func spans(of rectangle: Rectangle, row: Int) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        for column in rectangle.column..<rectangle.endColumn where !isCovered(column: column, row: row) {
            if let last = spans.last, last.upperBound == column {
                spans[spans.count - 1] = last.lowerBound..<column + 1
            } else {
                spans.append(column..<column + 1)
            }
        }
        return spans
    }
}
