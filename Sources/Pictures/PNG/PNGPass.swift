/// One pass over a PNG picture: every `stepX`-th pixel of every `stepY`-th row, from (`x`, `y`).
struct PNGPass {
    let x, y, stepX, stepY: Int

    /// The whole picture at once.
    static let plain = [PNGPass(x: 0, y: 0, stepX: 1, stepY: 1)]

    /// The seven passes of an interlaced picture (PNG specification, 8.2).
    static let adam7 = [
        PNGPass(x: 0, y: 0, stepX: 8, stepY: 8),
        PNGPass(x: 4, y: 0, stepX: 8, stepY: 8),
        PNGPass(x: 0, y: 4, stepX: 4, stepY: 8),
        PNGPass(x: 2, y: 0, stepX: 4, stepY: 4),
        PNGPass(x: 0, y: 2, stepX: 2, stepY: 4),
        PNGPass(x: 1, y: 0, stepX: 2, stepY: 2),
        PNGPass(x: 0, y: 1, stepX: 1, stepY: 2),
    ]

    /// How many pixels of a row of `width` the pass holds; none when the picture is too narrow.
    func columns(of width: Int) -> Int { max(0, width - x + stepX - 1) / stepX }

    /// How many of `height` rows the pass holds.
    func rows(of height: Int) -> Int { max(0, height - y + stepY - 1) / stepY }
}
