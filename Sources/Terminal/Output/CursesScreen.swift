import CNcurses
import Glibc

/// The part of the screen that ncurses draws: characters, of which it sends only what changed.
///
/// ncurses writes into memory, since it would wait for a terminal that is busy with a picture, and cut into one that is half sent.
/// ncurses knows nothing of pictures. What must not touch them is turned off here, and the cells under them are marked (see `reserve`).
@MainActor final class CursesScreen {
    private let handle: OpaquePointer
    private let window: UnsafeMutablePointer<WINDOW>
    private let output: MemoryFile
    /// The colours that the terminal has by its description, as far as ncurses can use them.
    let colors: ColorDepth
    /// Whether characters beyond ASCII are shown; question marks take their places otherwise.
    var isUnicode: Bool

    /// - Parameters:
    ///   - type: the terminal's type, as in `TERM`.
    ///   - isColorless: whether to use attributes alone.
    ///   - isUnicode: whether characters beyond ASCII are shown.
    /// - Throws: `TerminalError` when the type is unknown, or the terminal cannot place text.
    init(type: String, isColorless: Bool, isUnicode: Bool) throws {
        Self.chooseLocale()
        output = try MemoryFile()
        let type = try TerminalType.usable(type)
        guard let handle = newterm(type, output.stream, output.stream) else {
            throw TerminalError("ncurses cannot drive a terminal of type \"\(type)\"; set TERM to what your terminal is.")
        }
        guard let window = newwin(0, 0, 0, 0) else {
            endwin()
            delscreen(handle)
            throw TerminalError("ncurses cannot make a window (out of memory).")
        }
        self.handle = handle
        self.window = window
        self.isUnicode = isUnicode
        colors = Self.startColors(isColorless: isColorless)
        Self.configure(window)
    }

    /// Leaves ncurses for good.
    /// - Returns: what brings the former screen and the cursor back.
    func close() -> [UInt8] {
        endwin()
        delwin(window)
        delscreen(handle)
        return output.take()
    }

    /// Leaves ncurses until the next `flush()`.
    /// - Returns: what brings the former screen and the cursor back.
    func pause() -> [UInt8] {
        endwin()
        return output.take()
    }

    func resize(to size: GridSize) {
        resizeterm(Int32(size.rows), Int32(size.columns))
        wresize(window, Int32(size.rows), Int32(size.columns))
    }

    /// Sends everything again at the next `flush()`.
    func invalidate() {
        werase(window)
        clearok(window, true)
    }

    /// Puts a cell at a place.
    func put(_ cell: Canvas.Cell, column: Int, row: Int) {
        guard !cell.isContinuation else { return }
        let attributes = attributes(of: cell.style)
        let pair = pair(for: cell.style)
        let scalars = shown(cell.character)
        add(scalars, attributes, pair, column: column, row: row)
        // A replacement is one column wide, whatever it replaces.
        if scalars == [Self.replacement], cell.character.columns == 2 { add([0x20], attributes, pair, column: column + 1, row: row) }
    }

    /// Marks a cell as part of a picture: blank to the eye, yet not blank to ncurses, which would otherwise erase to the end of a line across it.
    func reserve(column: Int, row: Int) {
        add([0x20], curses_protect, 0, column: column, row: row)
    }

    /// Draws what changed.
    func flush() {
        wnoutrefresh(window)
        doupdate()
    }

    /// What has been drawn since the last call.
    func takeOutput() -> [UInt8] { output.take() }

    private static let replacement = wchar_t(0x3F)

    private func add(_ scalars: [wchar_t], _ attributes: attr_t, _ pair: Int32, column: Int, row: Int) {
        var cell = cchar_t()
        var pair = pair
        setcchar(&cell, scalars + [0], attributes, 0, &pair)
        mvwadd_wch(window, Int32(row), Int32(column), &cell)
    }

    /// The character for ncurses; a replacement when the locale cannot show it, or the C library thinks otherwise of its width.
    private func shown(_ character: Character) -> [wchar_t] {
        if let ascii = character.asciiValue { return [wchar_t(ascii)] }
        let scalars = character.unicodeScalars.prefix(Int(CCHARW_MAX) - 1).map { wchar_t(bitPattern: $0.value) }
        guard isUnicode, let first = scalars.first, Int(curses_width(first)) == character.columns else { return [Self.replacement] }
        return [first] + scalars.dropFirst().filter { curses_width($0) == 0 }
    }

    private func attributes(of style: Style) -> attr_t {
        (style.bold ? curses_bold : 0) | (style.dim ? curses_dim : 0) | (style.reversed ? curses_reverse : 0)
            | (style.underlined ? curses_underline : 0)
    }

    private func pair(for style: Style) -> Int32 {
        let foreground = style.foreground.index(in: colors).map { Int32($0) } ?? -1
        let background = style.background.index(in: colors).map { Int32($0) } ?? -1
        if foreground < 0, background < 0 { return 0 }
        return max(0, alloc_pair(foreground, background))
    }

    /// What ncurses may use: 24-bit colours become palette entries, eight-colour terminals fold the bright ones away.
    private static func startColors(isColorless: Bool) -> ColorDepth {
        guard !isColorless, has_colors(), start_color() == OK else { return .monochrome }
        use_default_colors()
        let available = curses_colors()
        return available >= 256 ? .palette : available >= 16 ? .sixteen : .eight
    }

    /// Moving lines and characters would shift the cells under a picture; scrolling, all of it.
    private static func configure(_ window: UnsafeMutablePointer<WINDOW>) {
        // ncurses would put a frame off while input waits, and pictures would land on the one before.
        typeahead(-1)
        idcok(window, false)
        idlok(window, false)
        scrollok(window, false)
        leaveok(window, true)
        curs_set(0)
    }

    /// ncurses asks for the locale once, and whether the terminal has UTF-8 may turn out later, or differ: the way through ssh often loses the
    /// locale, and one that is not installed here counts for nothing.
    private static func chooseLocale() {
        setlocale(LC_CTYPE, "")
        if String(cString: nl_langinfo(nl_item(CODESET))) != "UTF-8" { setlocale(LC_CTYPE, "C.UTF-8") }
    }
}
