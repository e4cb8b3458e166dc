/// A terminal's answer to a query.
public enum Reply: Equatable, Sendable {
    /// DA1, the answer to `CSI c`: the class of the terminal first, then its extensions; 4 means sixel.
    case deviceAttributes([Int])
    /// XTVERSION, the answer to `CSI > q`: the terminal's name and version.
    case version(String)
    /// DECRPSS, the answer to `DCS $ q m ST`: the parameters of the rendition in force.
    case rendition(String)
    /// DECRPM, the answer to `CSI ? mode $ p`.
    case privateMode(Int, ModeState)
    /// The answer to `CSI 16 t`.
    case cellSize(PixelSize)
    /// The answer to `CSI 14 t`.
    case textAreaPixels(PixelSize)
    /// The answer to `CSI 18 t`.
    case textAreaCells(GridSize)
    /// XTSMGRAPHICS, the answer to `CSI ? item ; 1 ; 0 S`: item 1 is colour registers, 2 is the largest sixel image; status 0 is success.
    case graphicsAttribute(item: Int, status: Int, values: [Int])
    /// The answer to a kitty graphics command: `OK` or an error's name and text.
    case kittyGraphics(String)
    /// The answer to `OSC 11 ; ?`: the background's red, green and blue.
    case backgroundColor(UInt8, UInt8, UInt8)
    /// The answer to `CSI 6 n`, counted from 0.
    case cursorPosition(column: Int, row: Int)
    /// The answer to `CSI 5 n`, which every terminal gives: all that was sent before has been dealt with.
    case ready

    /// What DECRPM says of a mode.
    public enum ModeState: Int, Sendable {
        case unknown = 0
        case set, reset, permanentlySet, permanentlyReset
    }
}
