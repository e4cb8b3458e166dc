import Glibc

/// The terminal's screen: text through ncurses, pictures written past it, and everything put back in the end.
///
/// It belongs to the main thread. Input does not come through it but through `EventLoop`.
@MainActor public final class Screen {
    public let device: TerminalDevice
    /// What the terminal can do, as far as it is known by now.
    public private(set) var capabilities: Capabilities

    private let modes: TerminalModes
    private let curses: CursesScreen
    private let patience: Patience
    private var shown: Frame
    /// Where images may be left although `shown` does not have them any more.
    private var leftovers: [Rectangle] = []
    private var mustSendImages = false
    private var isOpen = true

    /// Takes over a terminal and asks it what it can do; the answers arrive as input, for `learn`.
    /// - Parameters:
    ///   - device: the terminal.
    ///   - environment: the process's environment variables.
    ///   - usesMouse: whether to ask for mouse reports.
    ///   - patience: how long to wait for answers when the terminal is given back.
    /// - Throws: `TerminalError` when the terminal is gone or ncurses does not know its type.
    public init(
        _ device: TerminalDevice, environment: [String: String], usesMouse: Bool = true, patience: Patience = Patience()
    ) throws {
        self.device = device
        self.patience = patience
        capabilities = Capabilities(environment: environment, window: device.windowSize)
        modes = TerminalModes(usesMouse: usesMouse)
        CrashGuard.arm(device)
        do {
            curses = try CursesScreen(
                device, type: environment["TERM"] ?? "", colors: capabilities.colors, isUnicode: capabilities.isUnicode)
        } catch {
            CrashGuard.disarm()
            throw error
        }
        shown = Frame(size: capabilities.window.cells)
        curses.resize(to: size)
        curses.flush()
        try device.write(modes.enter)
        try device.write(Capabilities.query)
    }

    /// The size of the canvas to draw on.
    public var size: GridSize { capabilities.window.cells }

    /// Takes in a reply; `capabilities` may be better afterwards.
    public func learn(_ reply: Reply) {
        capabilities.learn(reply)
    }

    /// Takes in the window's new size. Everything is sent again at the next `present`.
    public func resize() throws {
        capabilities.resize(to: device.windowSize)
        curses.resize(to: size)
        invalidate()
        try device.write(TerminalModes.askCellSize)
    }

    /// Sends everything again at the next `present`, for Control-L and whatever else may have spoilt the screen.
    public func invalidate() {
        curses.invalidate()
        leftovers += shown.images.map(\.rectangle)
        shown = Frame(size: size)
    }

    /// Sends the images again at the next `present`: terminals may lose them while their window is hidden.
    public func invalidateImages() {
        mustSendImages = true
    }

    /// Shows a canvas and images over it.
    ///
    /// Text goes first, then each image that is not on the screen yet, in one write; all of it at once where the terminal can. What
    /// the canvas holds under an image is not shown. An image that reaches outside the screen or into the last row, where some
    /// terminals scroll, is left out.
    /// - Throws: `TerminalError` when the terminal is gone.
    public func present(_ canvas: Canvas, images: [PlacedImage] = []) throws {
        let area = Rectangle(column: 0, row: 0, columns: size.columns, rows: size.rows - 1)
        let next = Frame(canvas: canvas, images: images.filter { $0.rectangle.intersection(area) == $0.rectangle && !$0.rectangle.isEmpty })
        let ghosts = (next.ghosts(of: shown) + leftovers).map { $0.intersection(canvas.bounds) }.filter { !$0.isEmpty }
        let isSynchronised = capabilities.synchronisedOutput
        if isSynchronised { try device.write(TerminalModes.beginSynchronised) }
        if !ghosts.isEmpty { try device.write(Self.erasing(ghosts)) }
        drawCells(of: next)
        let images = mustSendImages ? next.images : next.imagesToSend(after: shown, ghosts: ghosts)
        for image in images { try device.write(Self.drawing(image)) }
        if isSynchronised { try device.write(TerminalModes.endSynchronised) }
        shown = next
        leftovers = []
        mustSendImages = false
    }

    /// Gives the terminal back while the process is stopped (Control-Z), and takes it again when it goes on.
    public func suspend() throws {
        leaveModes()
        curses.pause()
        device.restoreAttributes()
        CrashGuard.disarm()
        stopProcessGroup()
        try resume()
    }

    /// Takes the terminal again after the process was stopped by somebody else.
    public func resume() throws {
        CrashGuard.arm(device)
        capabilities.resize(to: device.windowSize)
        curses.resize(to: size)
        invalidate()
        curses.flush()
        try device.write(modes.enter)
    }

    /// Gives the terminal back as it was.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        leaveModes()
        curses.close()
        device.restoreAttributes()
        CrashGuard.disarm()
    }

    /// Turns reports off, and takes in those and the answers that are still on their way, so that none reaches the shell: the terminal
    /// answers in order.
    private func leaveModes() {
        guard (try? device.write(modes.leave + TerminalModes.askReady)) != nil else { return }
        var parser = InputParser()
        let deadline = ContinuousClock.now + patience.leaving
        while .now < deadline {
            guard device.waitForInput(milliseconds: 50) else { continue }
            guard let bytes = device.read(), !parser.feed(bytes).contains(.reply(.ready)) else { return }
        }
    }

    /// Sends the text that changed, row by row: ncurses would otherwise recognise rows that moved, and scroll them with the pictures between.
    private func drawCells(of next: Frame) {
        curses.flush()
        for row in 0..<size.rows {
            let columns = (0..<size.columns).filter { next.differs(from: shown, column: $0, row: row) }
            for column in columns {
                if next.isCovered(column: column, row: row) {
                    curses.reserve(column: column, row: row)
                } else {
                    curses.put(next.canvas[column: column, row: row], column: column, row: row)
                }
            }
            if !columns.isEmpty { curses.flush() }
        }
    }

    /// The bytes that draw an image: the cursor comes back to where ncurses believes it, and stays hidden although mlterm shows it.
    private static func drawing(_ image: PlacedImage) -> [UInt8] {
        let before = TerminalModes.saveCursor + TerminalModes.move(column: image.rectangle.column, row: image.rectangle.row)
        return Array(before.utf8) + image.bytes + Array((TerminalModes.restoreCursor + TerminalModes.hideCursor).utf8)
    }

    /// The bytes that erase pictures.
    ///
    /// Only printing over a picture removes it on every terminal, on some only with a background colour: so each cell gets a space on
    /// black, then one without.
    private static func erasing(_ rectangles: [Rectangle]) -> [UInt8] {
        var erasing = TerminalModes.saveCursor
        for rectangle in rectangles {
            let blanks = String(repeating: " ", count: rectangle.columns)
            for row in rectangle.row..<rectangle.endRow {
                let move = TerminalModes.move(column: rectangle.column, row: row)
                erasing += "\(move)\u{1B}[0;40m\(blanks)\(move)\u{1B}[0m\(blanks)"
            }
        }
        return Array((erasing + TerminalModes.restoreCursor).utf8)
    }

    /// Stops this process and those that were started with it, such as `make`.
    private func stopProcessGroup() {
        var ignoring = sigaction()
        var previous = sigaction()
        ignoring.__sigaction_handler.sa_handler = SIG_IGN
        sigaction(SIGTSTP, &ignoring, &previous)
        kill(0, SIGTSTP)
        // The default action, taken by this very thread, so that nothing runs on before the stop.
        signal(SIGTSTP, SIG_DFL)
        raise(SIGTSTP)
        sigaction(SIGTSTP, &previous, nil)
    }
}
