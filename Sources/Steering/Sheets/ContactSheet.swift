import Pictures

/// Pictures in rows and columns on white, with captions.
public struct ContactSheet: Sendable {
    /// Above everything.
    public var title: String
    /// Above each column, and to the left of each row; none takes no room.
    public var columns, rows: [String]
    /// By row, all of one size.
    public var pictures: [[Picture]]

    public init(title: String, columns: [String], rows: [String] = [], pictures: [[Picture]]) {
        self.title = title
        self.columns = columns
        self.rows = rows
        self.pictures = pictures
    }

    /// The sheet as one picture.
    /// - Throws: `PictureError` when there is no picture on it, or it would be too large.
    public func picture() throws -> Picture {
        guard let first = pictures.first?.first else { throw PictureError.badSize(width: 0, height: 0) }
        let layout = Layout(self, cell: first)
        var page = try Page(width: layout.width, height: layout.height)
        page.write(title, x: layout.margin, y: layout.margin, width: layout.width - 2 * layout.margin, scale: layout.scale)
        for (column, caption) in columns.enumerated() {
            page.write(caption, x: layout.x(column), y: layout.captionTop, width: first.width, scale: layout.scale)
        }
        for (row, pictures) in pictures.enumerated() {
            let middle = layout.y(row) + (first.height - layout.lineHeight) / 2
            if rows.indices.contains(row) {
                page.write(rows[row], x: layout.margin, y: middle, width: layout.rowCaptionWidth, scale: layout.scale)
            }
            for (column, picture) in pictures.enumerated() { page.draw(picture, x: layout.x(column), y: layout.y(row)) }
        }
        return try page.picture()
    }

    /// Where everything goes, in pixels.
    private struct Layout {
        let margin = 8
        let gap = 4
        let cell: Picture
        /// Pixels to a point of a letter: captions stay readable on sheets of large pictures.
        let scale: Int
        let rowCaptionWidth: Int
        let width, height: Int

        init(_ sheet: ContactSheet, cell: Picture) {
            self.cell = cell
            scale = 1 + cell.width / 128
            let longest = sheet.rows.map(\.count).max() ?? 0
            rowCaptionWidth = longest * BitmapFont.advance * scale
            let columns = sheet.pictures.map(\.count).max() ?? 0
            let head = 2 * (BitmapFont.height * scale + gap)
            width = 2 * margin + (rowCaptionWidth > 0 ? rowCaptionWidth + gap : 0) + columns * (cell.width + gap) - gap
            height = 2 * margin + head + sheet.pictures.count * (cell.height + gap) - gap
        }

        var lineHeight: Int { BitmapFont.height * scale }
        var captionTop: Int { margin + lineHeight + gap }
        func x(_ column: Int) -> Int { margin + (rowCaptionWidth > 0 ? rowCaptionWidth + gap : 0) + column * (cell.width + gap) }
        func y(_ row: Int) -> Int { captionTop + lineHeight + gap + row * (cell.height + gap) }
    }
}
