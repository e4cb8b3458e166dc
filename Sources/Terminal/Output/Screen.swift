import Glibc

/// The terminal's screen: text through ncurses, pictures written past it, and everything put back in the end.
///
/// Nothing here waits for the terminal but leaving it. What does not fit through the connection now goes later, text before pictures, and
/// only the newest of it: `present` is to be called whenever the event loop comes back.
///
/// It belongs to the main thread. Input does not come through it but through `EventLoop`.
@MainActor public final class Screen {
    public let device: TerminalDevice
    /// What the terminal can do, as far as it is known by now.
    public private(set) var capabilities: Capabilities

    private let modes: TerminalModes
    private let curses: CursesScreen
    private let timeouts: Timeouts
    /// The frame that has been sent: its text is on the screen, and its images are or will be.
    private var shown: Frame
    private var ledger = ImageLedger()
    private var isOpen = true
    /// How many questions of `Reply.ready` have not been answered, and whether any has.
    private var unanswered = 0
    private var isAnswering = false

    /// Takes over a terminal and asks it what it can do; the answers arrive as input, for `learn`.
    /// - Parameters:
    ///   - device: the terminal.
    ///   - environment: the process's environment variables.
    ///   - tmux: what tmux says of the terminal around it.
    ///   - usesMouse: whether to ask for mouse reports.
    ///   - timeouts: how long to wait for answers when the terminal is given back.
    /// - Throws: `TerminalError` when the terminal is gone, or is of a type that nobody knows or that cannot place text.
    public init(
        _ device: TerminalDevice, environment: [String: String], tmux: TmuxClient? = nil, usesMouse: Bool = true,
        timeouts: Timeouts = Timeouts()
    ) throws {
        self.device = device
        self.timeouts = timeouts
        device.output.pacing.timeout = timeouts.answer
        capabilities = Capabilities(environment: environment, window: device.windowSize, tmux: tmux)
        modes = TerminalModes(usesMouse: usesMouse)
        CrashGuard.arm(device)
        do {
            curses = try CursesScreen(
                type: environment["TERM"] ?? "", isColorless: capabilities.colors == .monochrome, isUnicode: capabilities.isUnicode)
        } catch {
            CrashGuard.disarm()
            throw error
        }
        capabilities.describedColors = curses.colors
        shown = Frame(size: capabilities.window.cells)
        enter()
        // The answer to the query's last question tells how long the way is.
        send(capabilities.erasedQuery(inRow: 1), asksForAnswer: true)
    }

    /// The size of the canvas to draw on.
    public var size: GridSize { capabilities.window.cells }

    /// About how many bytes of a picture may go at once, by the throughput measured so far.
    public var partSize: Int { output.pacing.partSize }

    /// Takes in a reply.
    /// - Returns: whether `capabilities` are others now; most replies only say that a frame has arrived.
    @discardableResult
    public func learn(_ reply: Reply) -> Bool {
        let before = capabilities
        capabilities.learn(reply)
        if reply == .ready { countAnswer() }
        if reply == .ready || before.isSettled != capabilities.isSettled { output.pacing.acknowledge(now: output.clock()) }
        if before.isUnicode != capabilities.isUnicode {
            curses.isUnicode = capabilities.isUnicode
            // What could not be shown has been replaced.
            invalidate()
        }
        if capabilities.hasKittyGraphics, capabilities.multiplexer == nil { CrashGuard.removesKittyPictures = true }
        return capabilities != before
    }

    /// Takes in the window's new size. Everything is sent again at the next `present`.
    public func resize() {
        capabilities.resize(to: device.windowSize)
        curses.resize(to: size)
        invalidate()
        send(Array(TerminalModes.scrollWholeScreen.utf8) + capabilities.sizeQuery)
    }

    /// Sends everything again at the next `present`, for Control-L and whatever else may have spoilt the screen.
    public func invalidate() {
        curses.invalidate()
        ledger.forget()
        shown = Frame(size: size)
    }

    /// Sends the images again at the next `present`: terminals may lose them while their window is hidden.
    public func invalidateImages() {
        ledger.resend()
    }

    /// Shows a canvas and images over it, or as much of it as may be sent now.
    ///
    /// Text goes first, then what is not on the screen yet of the images; all of it at once where the terminal can and the connection is
    /// fast. What the canvas holds under an image is not shown. An image that reaches outside the screen or into the last row, where some
    /// terminals scroll, is left out. A terminal that is gone takes everything; the event loop tells of it.
    /// - Returns: whether all of it has been sent.
    @discardableResult
    public func present(_ canvas: Canvas, images: [PlacedImage] = []) -> Bool {
        guard output.isEmpty else { return false }
        let area = Rectangle(column: 0, row: 0, columns: size.columns, rows: size.rows - 1)
        let next = Frame(canvas: canvas, images: images.filter { $0.rectangle.intersection(area) == $0.rectangle && !$0.rectangle.isEmpty })
        let text = textBytes(of: next)
        let pictures = output.pacing.allowsPicture ? pictureBytes(of: next.images) : []
        shown = next
        if output.pacing.partSize == .max {
            sendFrame(text + pictures, holdsPicture: !pictures.isEmpty)
        } else {
            // Over a slow connection the text must not wait for the picture's last byte.
            sendFrame(text, holdsPicture: false)
            sendFrame(pictures, holdsPicture: true)
        }
        return output.isEmpty && ledger.isComplete(next.images)
    }

    /// Gives the terminal back while the process is stopped (Control-Z), and takes it again when it goes on.
    public func suspend() {
        leave(curses.pause())
        CrashGuard.disarm()
        stopProcessGroup()
        resume()
    }

    /// Takes the terminal over again after the process was stopped from outside.
    public func resume() {
        CrashGuard.arm(device)
        capabilities.resize(to: device.windowSize)
        invalidate()
        enter()
    }

    /// Gives the terminal back as it was.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        leave(curses.close())
        CrashGuard.disarm()
    }

    private static let question = Array(TerminalModes.askReady.utf8)

    private var output: TerminalOutput { device.output }

    private func enter() {
        device.makeRaw()
        curses.resize(to: size)
        curses.flush()
        send(curses.takeOutput() + Array(modes.enter.utf8))
    }

    /// Drops what is not sent yet, erases the pictures, leaves the alternate screen, turns reports off, and takes in those and the answers
    /// that are still on their way, so that none reaches the shell: the terminal answers in order.
    private func leave(_ restoringScreen: [UInt8]) {
        ledger.forget()
        let dropped = output.discard()
        unanswered -= dropped.count(of: Self.question)
        let (cells, commands) = ledger.drop(allBut: [])
        let pictures = cells.map { $0.intersection(shown.canvas.bounds) }.filter { !$0.isEmpty }
        send(commands + (pictures.isEmpty ? [] : Array(TerminalModes.clear.utf8) + Self.erasing(pictures)) + restoringScreen)
        send(Array(modes.leave.utf8) + Self.question)
        if output.drain(within: timeouts.leaving) { awaitAnswers() }
        output.pacing.forgetParcels()
        device.restoreAttributes()
    }

    /// Waits for all answers that are missing. A terminal that has answered before will do so again, over a slow connection later.
    private func awaitAnswers() {
        var parser = InputParser()
        let deadline = ContinuousClock.now + (isAnswering ? timeouts.leavingAnswering : timeouts.leaving)
        while unanswered > 0 || !capabilities.isSettled, .now < deadline {
            guard device.waitForInput(milliseconds: 50) else { continue }
            guard let bytes = device.read() else { break }
            for case .reply(let reply) in parser.feed(bytes) {
                capabilities.learn(reply)
                if reply == .ready { countAnswer() }
            }
        }
        unanswered = 0
    }

    private func countAnswer() {
        isAnswering = true
        unanswered = max(0, unanswered - 1)
    }

    private func send(_ bytes: [UInt8], asksForAnswer: Bool = false, holdsPicture: Bool = false) {
        if bytes.suffix(Self.question.count).elementsEqual(Self.question) { unanswered += 1 }
        if asksForAnswer { output.pacing.send(bytes: bytes.count, holdsPicture: holdsPicture, now: output.clock()) }
        output.send(bytes)
    }

    /// Sends what belongs together: shown at once where the terminal can, and with a question where the answer tells something.
    private func sendFrame(_ bytes: [UInt8], holdsPicture: Bool) {
        guard !bytes.isEmpty else { return }
        let isSynchronised = capabilities.synchronisedOutput
        let asksForAnswer = holdsPicture || bytes.count >= Pacing.smallestSample
        let begin = isSynchronised ? TerminalModes.beginSynchronised : ""
        let end = (isSynchronised ? TerminalModes.endSynchronised : "") + (asksForAnswer ? TerminalModes.askReady : "")
        send(Array(begin.utf8) + bytes + Array(end.utf8), asksForAnswer: asksForAnswer, holdsPicture: holdsPicture)
    }

    /// What erases the pictures that are not wanted any more and draws the text that changed.
    private func textBytes(of next: Frame) -> [UInt8] {
        let (cells, commands) = ledger.drop(allBut: next.images)
        let ghosts = cells.map { $0.intersection(next.canvas.bounds) }.filter { !$0.isEmpty }
        drawCells(of: next)
        return commands + (ghosts.isEmpty ? [] : Self.erasing(ghosts)) + curses.takeOutput()
    }

    /// Draws row by row: ncurses would otherwise recognise rows that moved, and scroll them with the pictures between.
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

    /// What draws as much of the pictures that are missing as may go at once.
    private func pictureBytes(of images: [PlacedImage]) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < output.pacing.partSize, let (part, image, after) = ledger.nextPart(of: images) {
            bytes += Self.drawing(part, of: image) + after
        }
        return bytes
    }

    /// The bytes that draw a part: the cursor comes back to where ncurses believes it, and stays hidden although mlterm shows it.
    private static func drawing(_ part: PlacedImage.Part, of image: PlacedImage) -> [UInt8] {
        let before = TerminalModes.saveCursor + TerminalModes.move(column: image.rectangle.column, row: image.rectangle.row + part.row)
        return Array(before.utf8) + part.bytes + Array((TerminalModes.restoreCursor + TerminalModes.hideCursor).utf8)
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

extension [UInt8] {
    /// How often some bytes are among these.
    fileprivate func count(of bytes: [UInt8]) -> Int { ranges(of: bytes).count }
}
