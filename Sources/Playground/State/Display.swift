import Terminal

/// The terminal's capabilities that the playground uses.
struct Display: Sendable, Equatable {
    var size: GridSize
    /// The size of a character cell.
    var cell: PixelSize
    /// How pictures can be shown, best first; never empty.
    var graphics: [GraphicsProtocol]
    var isUnicode: Bool
    /// The colours that text may have.
    var colors: ColorDepth
    /// The colour behind the text; nil while it is not known.
    var background: Color?
    /// Why pictures are not shown in pixels, in one sentence; nil when they are, or until the terminal has answered.
    var limitation: String?

    init(
        size: GridSize, cell: PixelSize = PixelSize(width: 10, height: 20), graphics: [GraphicsProtocol] = [.blocks, .ascii],
        isUnicode: Bool = true, colors: ColorDepth = .palette
    ) {
        self.size = size
        self.cell = cell
        self.graphics = graphics
        self.isUnicode = isUnicode
        self.colors = colors
    }

    /// Whether the playground fits.
    var isLargeEnough: Bool { size.columns >= Layout.minimum.columns && size.rows >= Layout.minimum.rows }
}
