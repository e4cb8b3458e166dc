/// The modes that Fader turns on besides what ncurses does, as the terminal is told.
struct TerminalModes {
    let usesMouse: Bool

    /// The whole screen as the scrolling region, focus reports and bracketed paste, then mouse reports in SGR form: presses and drags, and where the terminal has
    /// that, all movements.
    var enter: String {
        Self.scrollWholeScreen + "\u{1B}[?1004h\u{1B}[?2004h" + (usesMouse ? "\u{1B}[?1002h\u{1B}[?1003h\u{1B}[?1006h" : "")
    }

    var leave: String {
        (usesMouse ? "\u{1B}[?1006l\u{1B}[?1003l\u{1B}[?1002l" : "") + "\u{1B}[?2004l\u{1B}[?1004l"
    }

    /// Leaves everything at once, from whatever state: a sixel string cut in the middle, synchronised output, a screen with pictures.
    static let reset =
        interrupt + "\u{1B}[?1006l\u{1B}[?1003l\u{1B}[?1002l\u{1B}[?2004l\u{1B}[?1004l" + clear + "\u{1B}[?1049l\u{1B}[?25h\r"

    /// Ends whatever is unfinished: a control sequence, a sixel string, kitty's data, synchronised output.
    static let interrupt = "\u{18}\u{1B}\\\u{1B}[?2026l"
    static let beginSynchronised = "\u{1B}[?2026h"
    static let endSynchronised = "\u{1B}[?2026l"
    static let saveCursor = "\u{1B}7"
    static let restoreCursor = "\u{1B}8"
    /// ncurses leaves a scrolling region of as many rows as it believes the screen has when it begins, mostly 24, and a picture that reaches
    /// below a region scrolls it. Setting one moves the cursor.
    static let scrollWholeScreen = saveCursor + "\u{1B}[r" + restoreCursor
    /// Clears the whole screen.
    static let clear = "\u{1B}[0m\u{1B}[2J"
    static let hideCursor = "\u{1B}[?25l"
    /// Asks for `Reply.ready`.
    static let askReady = "\u{1B}[5n"

    /// Moves the cursor to a cell counted from 0.
    static func move(column: Int, row: Int) -> String {
        "\u{1B}[\(row + 1);\(column + 1)H"
    }
}
