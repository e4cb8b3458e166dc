/// What the kernel knows of the terminal's window (`TIOCGWINSZ`).
public struct WindowSize: Hashable, Sendable {
    public var cells: GridSize
    /// Zero when the terminal did not tell.
    public var pixels: PixelSize

    public init(cells: GridSize, pixels: PixelSize = PixelSize(width: 0, height: 0)) {
        self.cells = cells
        self.pixels = pixels
    }

    /// The size of one cell, if the pixels are plausible; xterm counts its border in, hence the division rounds down.
    var cell: PixelSize? {
        guard cells.columns > 0, cells.rows > 0, pixels.width >= 2 * cells.columns, pixels.height >= 4 * cells.rows else { return nil }
        return PixelSize(width: pixels.width / cells.columns, height: pixels.height / cells.rows)
    }
}
