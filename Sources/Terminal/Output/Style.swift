/// A colour of text or of the cell behind it; the screen shows the nearest one that the terminal has.
public enum Color: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case `default`
    /// An entry of the 256-colour palette: 0–7 plain, 8–15 bright, 16–231 a 6×6×6 cube, 232–255 greys.
    case indexed(UInt8)
    /// A 24-bit colour.
    case rgb(UInt8, UInt8, UInt8)
}

/// How a cell is drawn.
public struct Style: Hashable, Sendable {
    public var foreground: Color
    public var background: Color
    public var bold: Bool
    public var dim: Bool
    public var reversed: Bool
    public var underlined: Bool

    public init(
        foreground: Color = .default, background: Color = .default,
        bold: Bool = false, dim: Bool = false, reversed: Bool = false, underlined: Bool = false
    ) {
        self.foreground = foreground
        self.background = background
        self.bold = bold
        self.dim = dim
        self.reversed = reversed
        self.underlined = underlined
    }

    /// The terminal's own colours and no attribute.
    public static let plain = Style()
}
