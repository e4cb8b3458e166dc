/// What environment variables say about the terminal. They may be wrong: they are inherited, and ssh drops them.
struct TerminalTraits: Equatable, Sendable {
    /// The colours that are claimed.
    let colors: ColorDepth
    /// Whether the user wants text without colours.
    let isColorless: Bool
    /// Whether the locale's characters go beyond ASCII.
    let hasUnicodeLocale: Bool
    let multiplexer: Capabilities.Multiplexer?
    /// Whether this is Linux's own text console.
    let isConsole: Bool
    /// Whether this is a terminal that shows fewer colours than others that look like it claim.
    let lacksFullColor: Bool
    /// The background, where `COLORFGBG` or the kind of the terminal tells.
    let background: Color?

    init(_ environment: [String: String]) {
        let term = environment["TERM"] ?? ""
        isConsole = term == "linux"
        lacksFullColor = isConsole || environment["TERM_PROGRAM"] == "Apple_Terminal"
        isColorless = !environment["NO_COLOR", default: ""].isEmpty
        multiplexer =
            environment["TMUX"] != nil || term.hasPrefix("tmux")
            ? .tmux : environment["STY"] != nil || term.hasPrefix("screen") ? .screen : nil
        hasUnicodeLocale = Self.hasUnicodeLocale(environment)
        colors = Self.colors(term, environment)
        background = isConsole ? .rgb(0, 0, 0) : Self.background(environment["COLORFGBG"])
    }

    /// Whether a terminal with this name shows 24-bit colours, whatever its environment says.
    static func showsFullColor(_ name: String) -> Bool {
        let name = name.lowercased()
        return fullColorNames.contains { name.hasPrefix($0) } || name.hasPrefix("xterm")
    }

    /// How terminals with 24-bit colours begin their names, in their answer to XTVERSION or in `TERM`, in which `xterm` itself means nothing.
    private static let fullColorNames = [
        "alacritty", "contour", "foot", "ghostty", "iterm", "kitty", "konsole", "mintty", "mlterm", "rio", "st-256color", "vte",
        "wezterm", "windows terminal", "xterm-ghostty", "xterm-kitty", "xterm.js",
    ]

    private static let fullColorPrograms = ["iTerm.app", "WezTerm", "vscode", "ghostty", "mintty", "rio", "Hyper", "Tabby", "WarpTerminal"]

    /// Variables that terminals with 24-bit colours set.
    private static let fullColorVariables = [
        "WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "ALACRITTY_WINDOW_ID", "GHOSTTY_RESOURCES_DIR",
    ]

    private static func colors(_ term: String, _ environment: [String: String]) -> ColorDepth {
        if term.isEmpty || term == "dumb" || term.prefixMatch(of: /vt\d/) != nil { return .monochrome }
        if term == "linux" { return .sixteen }
        let isFull =
            ["truecolor", "24bit"].contains(environment["COLORTERM", default: ""].lowercased()) || term.hasSuffix("-direct")
            || fullColorNames.contains { term.hasPrefix($0) } || fullColorPrograms.contains(environment["TERM_PROGRAM"] ?? "")
            || fullColorVariables.contains { environment[$0] != nil } || (environment["VTE_VERSION"].flatMap { Int($0) } ?? 0) >= 3600
        return isFull ? .full : term.contains("256color") ? .palette : .sixteen
    }

    private static func hasUnicodeLocale(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let codeset = locale.lowercased()
        return codeset.contains("utf-8") || codeset.contains("utf8")
    }

    /// - Parameter colors: two or three numbers of the first sixteen colours, of which the last is the background's.
    private static func background(_ colors: String?) -> Color? {
        guard let last = colors?.split(separator: ";").last, let index = Int(last), (0..<16).contains(index) else { return nil }
        return index == 7 || index > 8 ? .rgb(255, 255, 255) : .rgb(0, 0, 0)
    }
}
