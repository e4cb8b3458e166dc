/// What the terminal can do, by the environment and its replies.
///
/// It starts from the environment and learns from every reply, whenever it arrives: a program starts at once and improves.
public struct Capabilities: Equatable, Sendable {
    /// A program between this one and the terminal, which passes on only what it knows.
    public enum Multiplexer: Sendable {
        case tmux, screen
    }

    /// Whether characters beyond ASCII can be shown: as the locale says, until the terminal has been asked.
    public private(set) var isUnicode: Bool
    public private(set) var multiplexer: Multiplexer?
    public private(set) var window: WindowSize
    /// The terminal's name and version, once reported.
    public private(set) var version: String?
    /// Whether the terminal shows sixel, once reported.
    public private(set) var hasSixel = false
    /// Whether the terminal takes pictures by kitty's protocol, once it told; tmux tells of the terminal around it.
    public var hasKittyGraphics: Bool {
        guard multiplexer != nil else { return takesKittyGraphics }
        return isTmuxHeard && tmux.map { $0.passesThrough && $0.showsPlaceholders } ?? false
    }
    /// The largest sixel image that the terminal takes.
    public private(set) var largestSixel: PixelSize?
    /// Whether the terminal can show all that is between two marks at once (mode 2026).
    public private(set) var synchronisedOutput = false
    /// Whether DA1 has been answered, so that no other answer is to come.
    public private(set) var isSettled = false

    /// The colours that text has by the terminal's description in terminfo, once that has been read.
    var describedColors: ColorDepth?

    /// What the environment says of the terminal.
    private let traits: TerminalTraits
    /// Whether a 24-bit colour that was set was still there when the terminal was asked for it.
    private var keepsFullColor: Bool?
    private var takesKittyGraphics = false
    /// What tmux says of the terminal around it.
    private let tmux: TmuxClient?
    private var reportedCell: PixelSize?
    private var reportedTextArea: PixelSize?
    private var reportedBackground: Color?

    /// - Parameters:
    ///   - environment: the process's environment variables.
    ///   - window: the size as the kernel knows it.
    ///   - tmux: what tmux says of the terminal around it; nil where it says nothing.
    public init(environment: [String: String], window: WindowSize, tmux: TmuxClient? = nil) {
        self.tmux = tmux
        traits = TerminalTraits(environment)
        isUnicode = traits.hasUnicodeLocale
        multiplexer = traits.multiplexer
        self.window = window
    }

    /// The colours that text may use; `NO_COLOR` leaves none.
    public var colors: ColorDepth {
        traits.isColorless ? .monochrome : describedColors ?? pictureColors
    }

    /// The colours that pictures may use, which `NO_COLOR` does not restrict.
    public var pictureColors: ColorDepth {
        let claimed = max(traits.colors, describedColors ?? .monochrome)
        guard claimed > .monochrome else { return .monochrome }
        let isKnown = version.map(TerminalTraits.showsFullColor) ?? false
        // tmux translates 24-bit colours for terminals without.
        if keepsFullColor == true || multiplexer == .tmux && version != nil || isKnown && multiplexer == nil { return .full }
        return keepsFullColor == false || traits.lacksFullColor || multiplexer == .screen ? min(claimed, .palette) : claimed
    }

    /// The colour behind the text, as far as it is known.
    public var background: Color? { reportedBackground ?? traits.background }

    /// All questions in one batch. Every terminal answers the last one (DA1), so its answer says that no other is to come.
    public var query: [UInt8] {
        let kitty = isKittyQueryHarmless ? "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\" : ""
        let color = isRenditionQueryHarmless ? "\u{1B}[48;2;1;2;3m\u{1B}P$qm\u{1B}\\\u{1B}[0m" : ""
        let common = ["[>0q", "[?2026$p", "[?1;1;0S", "[?2;1;0S", "[16t", "[14t", "]11;?\u{1B}\\", "[c"]
        return Array((kitty + color + common.map { "\u{1B}" + $0 }.joined()).utf8)
    }

    /// The query on a line of its own, before which one character of two bytes asks whether the terminal understands UTF-8. What a terminal
    /// prints of all this is erased again.
    /// - Parameter row: the line, from 0, if not the cursor's; in the first one the answer could not be told from Shift-F3.
    func erasedQuery(inRow row: Int? = nil) -> [UInt8] {
        let begin = row.map { TerminalModes.move(column: 0, row: $0) } ?? "\r"
        return Array((TerminalModes.saveCursor + begin + "\u{E9}\u{1B}[6n\r").utf8) + query
            + Array(("\r\u{1B}[K" + TerminalModes.restoreCursor).utf8)
    }

    /// What may have changed with the window's size.
    var sizeQuery: [UInt8] {
        Array("\u{1B}[?2;1;0S\u{1B}[16t\u{1B}[14t".utf8)
    }

    /// The size of one cell in pixels; 10 × 20, as on the VT340, when nothing tells.
    public var cell: PixelSize {
        if let reportedCell { return reportedCell }
        if let cell = window.cell { return cell }
        let textArea = reportedTextArea.flatMap { WindowSize(cells: window.cells, pixels: $0).cell }
        return textArea ?? PixelSize(width: 10, height: 20)
    }

    /// The protocols that work here, best first.
    public var graphics: [GraphicsProtocol] {
        GraphicsProtocol.allCases.filter { graphics in
            switch graphics {
            case .kitty: hasKittyGraphics
            case .sixel: hasSixel
            case .blocks: pictureColors > .monochrome
            case .ascii: true
            }
        }
    }

    /// Why there are no pixels, in one sentence; nil when there are, or until the terminal has answered.
    public var limitation: String? {
        guard isSettled, !hasSixel, !hasKittyGraphics else { return nil }
        return switch multiplexer {
        case .tmux where tmux?.showsPlaceholders == true:
            "This tmux passes no pictures on until \"tmux set -g allow-passthrough on\"; then start Fader again."
        case .tmux: "This tmux passes no pictures on: tmux 3.4 with sixel does, or kitty from 0.28 on and Ghostty with allow-passthrough."
        case .screen: "GNU screen passes no pictures on."
        case nil: "This terminal shows neither sixel nor kitty graphics."
        }
    }

    /// The largest sixel image that stays inside a rectangle of cells: its height is a multiple of six, as every band of sixel is.
    public func sixelSize(of rectangle: Rectangle) -> PixelSize {
        let limit = largestSixel ?? PixelSize(width: .max, height: .max)
        let width = min(rectangle.columns * cell.width, limit.width)
        let height = min(rectangle.rows * cell.height, limit.height)
        return PixelSize(width: width, height: height - height % 6)
    }

    /// Learns from a reply.
    public mutating func learn(_ reply: Reply) {
        switch reply {
        case .deviceAttributes(let attributes):
            hasSixel = attributes.dropFirst().contains(4)
            isSettled = true
        case .version(let name):
            version = name
            // A terminal that was started from within tmux inherits its variables.
            multiplexer = name.hasPrefix("tmux ") ? .tmux : multiplexer == .tmux ? nil : multiplexer
        case .rendition(let parameters): keepsFullColor = parameters.contains(/48[:;]2[:;]+1[:;]2[:;]3/)
        case .privateMode(2026, let state): synchronisedOutput = state == .set || state == .reset
        case .kittyGraphics("OK"): takesKittyGraphics = true
        case .cellSize(let size) where Self.isPlausible(cell: size): reportedCell = size
        case .textAreaPixels(let size): reportedTextArea = size
        case .graphicsAttribute(item: 2, status: 0, let values) where values.count == 2 && values.allSatisfy { $0 > 0 }:
            largestSixel = PixelSize(width: values[0], height: values[1])
        case .backgroundColor(let red, let green, let blue): reportedBackground = .rgb(red, green, blue)
        // tmux understands UTF-8 always, and replaces what the terminal around it does not: there the locale knows better.
        case .cursorPosition(let column, _) where !isSettled && traits.multiplexer != .tmux: isUnicode = column == 1
        default: break
        }
    }

    /// Whether tmux itself has answered, and not a terminal that was started from within it.
    private var isTmuxHeard: Bool { version?.hasPrefix("tmux ") == true }

    /// Learns of another size. Zooming the font changes the cells' pixels, so that older answers no longer hold.
    public mutating func resize(to newWindow: WindowSize) {
        if newWindow.cell != window.cell { reportedCell = nil }
        if newWindow != window { reportedTextArea = nil }
        window = newWindow
    }

    /// tmux and screen take kitty's commands for a title, and the Linux console prints them.
    private var isKittyQueryHarmless: Bool { multiplexer == nil && !traits.isConsole }

    /// The Linux console and Apple's Terminal print the query, and screen passes it on to a terminal that knows nothing of the colour.
    private var isRenditionQueryHarmless: Bool { !traits.lacksFullColor && multiplexer != .screen }

    private static func isPlausible(cell: PixelSize) -> Bool {
        (2...200).contains(cell.width) && (4...400).contains(cell.height)
    }
}

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
