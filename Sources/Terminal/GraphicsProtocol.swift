/// The ways to show a picture, best first.
public enum GraphicsProtocol: String, CaseIterable, Sendable {
    /// Pixels in all colours, as the kitty terminal takes them.
    case kitty
    /// Pixels of up to 256 colours, as DEC's VT340 drew them.
    case sixel
    /// Two colours per cell: an upper half block over a background.
    case blocks
    /// One character per cell, by brightness.
    case ascii
}

/// How many colours the terminal shows.
public enum ColorDepth: Int, Comparable, Sendable {
    case monochrome = 0
    case eight = 8
    case sixteen = 16
    case palette = 256
    case full = 16_777_216

    public static func < (one: ColorDepth, other: ColorDepth) -> Bool { one.rawValue < other.rawValue }
}
