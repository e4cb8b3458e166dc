import CNcurses

/// Types of terminals, as `TERM` names them.
enum TerminalType {
    /// The type by which ncurses can drive a terminal: its own, or one like it where this machine's terminfo is older than the terminal.
    /// - Throws: `TerminalError` when the type is unknown, or says that text cannot be placed.
    static func usable(_ type: String) throws -> String {
        guard !type.isEmpty else { throw TerminalError("TERM is not set; set it to what your terminal is, such as xterm-256color.") }
        guard let name = ([type] + substitutes(for: type)).first(where: isKnown) else {
            throw TerminalError(
                "\"\(type.map(\.drawable).map(String.init).joined())\" is no terminal that this system knows (TERM); "
                    + "set TERM to what your terminal is, such as xterm-256color, or install its terminfo entry.")
        }
        guard placesCursor(name) else {
            throw TerminalError(
                "A \"\(name)\" terminal (TERM) cannot place text on its screen, which the playground needs; the commands do not.")
        }
        return name
    }

    /// Known types that do what a newer one does, the best first.
    private static func substitutes(for type: String) -> [String] {
        if type.hasPrefix("tmux") || type.hasPrefix("screen") { return ["screen-256color", "screen"] }
        let isLikeXterm = type.hasPrefix("xterm") || TerminalTraits.showsFullColor(type) || type.hasPrefix("rxvt") || type.hasPrefix("st-")
        return isLikeXterm ? ["xterm-256color", "xterm"] : []
    }

    private static func isKnown(_ type: String) -> Bool { curses_describes(type, nil) }

    private static func placesCursor(_ type: String) -> Bool { curses_describes(type, "cup") }
}
