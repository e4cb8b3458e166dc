/// What the terminal can do, as far as the environment and its replies tell.
///
/// It begins with what the environment says and grows with every reply, whenever that comes: a program starts at once and improves.
public struct Capabilities: Equatable, Sendable {
    /// A program between this one and the terminal, which passes on only what it knows.
    public enum Multiplexer: Sendable {
        case tmux, screen
    }

    /// The colours that text may use; `NO_COLOR` leaves none.
    public private(set) var colors: ColorDepth
    /// The colours that pictures may use, which `NO_COLOR` does not restrict.
    public private(set) var pictureColors: ColorDepth
    /// Whether the locale's characters go beyond ASCII.
    public let isUnicode: Bool
    public let multiplexer: Multiplexer?
    public private(set) var window: WindowSize
    /// The terminal's name and version, once it told.
    public private(set) var version: String?
    /// Whether the terminal shows sixel, once it told.
    public private(set) var hasSixel = false
    /// Whether the terminal takes pictures by kitty's protocol, once it told.
    public private(set) var hasKittyGraphics = false
    /// The largest sixel image that the terminal takes.
    public private(set) var largestSixel: PixelSize?
    /// Whether the terminal can show all that is between two marks at once (mode 2026).
    public private(set) var synchronisedOutput = false
    public private(set) var background: Color?
    /// Whether DA1 has been answered, so that no other answer is to come.
    public private(set) var isSettled = false

    /// Whether this is Linux's own text console.
    private let isConsole: Bool
    private var reportedCell: PixelSize?
    private var reportedTextArea: PixelSize?

    /// - Parameters:
    ///   - environment: the process's environment variables.
    ///   - window: the size as the kernel knows it.
    public init(environment: [String: String], window: WindowSize) {
        let term = environment["TERM"] ?? ""
        pictureColors = Self.depth(term: term, colorTerm: environment["COLORTERM"] ?? "")
        colors = environment["NO_COLOR", default: ""].isEmpty ? pictureColors : .monochrome
        isUnicode = Self.isUnicode(environment)
        isConsole = term == "linux"
        multiplexer = environment["TMUX"] != nil ? .tmux : term.hasPrefix("screen") ? .screen : nil
        self.window = window
    }

    /// All questions in one batch. Every terminal answers the last one (DA1), so its answer says that no other is to come.
    public var query: [UInt8] {
        let kitty = isKittyQueryHarmless ? "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\" : ""
        let common = ["[>0q", "[?2026$p", "[?1;1;0S", "[?2;1;0S", "[16t", "[14t", "]11;?\u{1B}\\", "[c"]
        return Array((kitty + common.map { "\u{1B}" + $0 }.joined()).utf8)
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

    /// Why there are no pixels, in one sentence; nil when there are, or when the terminal has not told yet.
    public var limitation: String? {
        guard isSettled, !hasSixel, !hasKittyGraphics else { return nil }
        return switch multiplexer {
        case .tmux: "This tmux passes no pictures on; tmux 3.4 or later built with sixel does."
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
            improveColors()
        case .privateMode(2026, let state): synchronisedOutput = state == .set || state == .reset
        case .kittyGraphics("OK"): hasKittyGraphics = multiplexer == nil
        case .cellSize(let size) where Self.isPlausible(cell: size): reportedCell = size
        case .textAreaPixels(let size): reportedTextArea = size
        case .graphicsAttribute(item: 2, status: 0, let values) where values.count == 2 && values.allSatisfy { $0 > 0 }:
            largestSixel = PixelSize(width: values[0], height: values[1])
        case .backgroundColor(let red, let green, let blue): background = .rgb(red, green, blue)
        default: break
        }
    }

    /// Learns of another size. Zooming the font changes the cells' pixels, so that older answers no longer hold.
    public mutating func resize(to newWindow: WindowSize) {
        if newWindow.cell != window.cell { reportedCell = nil }
        if newWindow != window { reportedTextArea = nil }
        window = newWindow
    }

    /// tmux and screen take kitty's commands for a title, and the Linux console prints them.
    private var isKittyQueryHarmless: Bool { multiplexer == nil && !isConsole }

    private static func isPlausible(cell: PixelSize) -> Bool {
        (2...200).contains(cell.width) && (4...400).contains(cell.height)
    }

    private static func isUnicode(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let codeset = locale.lowercased()
        return codeset.contains("utf-8") || codeset.contains("utf8")
    }

    private static func depth(term: String, colorTerm: String) -> ColorDepth {
        if term.isEmpty || term == "dumb" || term.hasPrefix("vt") { return .monochrome }
        if ["truecolor", "24bit"].contains(colorTerm.lowercased()) || term.hasSuffix("-direct") { return .full }
        return term.contains("256color") ? .palette : .sixteen
    }

    /// Terminals that show 24-bit colours whatever `TERM` says.
    private mutating func improveColors() {
        let known = ["XTerm", "foot", "WezTerm", "kitty", "Konsole", "contour", "mintty", "iTerm2", "ghostty", "mlterm"]
        guard let version, known.contains(where: version.hasPrefix), multiplexer == nil, pictureColors > .monochrome else { return }
        pictureColors = .full
    }
}
