import Glibc

/// An open terminal, read and written without ncurses.
///
/// It has an open file description of its own, so that no flag set here is shared with standard input or output.
public final class TerminalDevice {
    let descriptor: Int32
    /// The line settings as they were found, to be left behind again.
    let originalAttributes: termios
    let output: TerminalOutput

    /// Opens a terminal; by default the one that controls this process.
    /// - Throws: `TerminalError` when there is none.
    public init(path: String = "/dev/tty") throws {
        descriptor = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw TerminalError("\(path) cannot be opened (\(errorText())); start Fader in a terminal.")
        }
        var attributes = termios()
        guard tcgetattr(descriptor, &attributes) == 0 else {
            let reason = errorText()
            Glibc.close(descriptor)
            throw TerminalError("\(path) is not a terminal (\(reason)); start Fader in one.")
        }
        originalAttributes = attributes
        // Nobody else has this description, so that nobody else is surprised by writes that do not block.
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        output = TerminalOutput(descriptor: descriptor)
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// The window's size now; 80 × 24 when the kernel does not know.
    public var windowSize: WindowSize {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return WindowSize(cells: GridSize(columns: 80, rows: 24))
        }
        return WindowSize(
            cells: GridSize(columns: Int(size.ws_col), rows: Int(size.ws_row)),
            pixels: PixelSize(width: Int(size.ws_xpixel), height: Int(size.ws_ypixel)))
    }

    /// Writes bytes and waits, for some seconds at most, until they are written.
    /// - Throws: `TerminalError` when the terminal is gone or takes nothing.
    func write(_ bytes: [UInt8]) throws {
        output.send(bytes)
        guard output.drain(within: .seconds(5)) else { throw TerminalError("The terminal takes no more output.") }
    }

    /// The bytes that have arrived; nil when the terminal is gone. To be called when `poll` says that it will not block.
    func read() -> [UInt8]? {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, initialized in
            count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            initialized = max(0, count)
        }
        if count > 0 { return bytes }
        return count < 0 && (errno == EINTR || errno == EAGAIN) ? [] : nil
    }

    /// Waits until bytes can be read.
    /// - Returns: whether they can.
    func waitForInput(milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, milliseconds) > 0
    }

    /// Bytes arrive as they are typed and are shown as they are sent.
    func makeRaw() {
        var attributes = originalAttributes
        cfmakeraw(&attributes)
        tcsetattr(descriptor, TCSADRAIN, &attributes)
    }

    /// Throws away what was typed and not read, and restores the line settings.
    func restoreAttributes() {
        var attributes = originalAttributes
        tcsetattr(descriptor, TCSAFLUSH, &attributes)
    }
}

/// The system's description of the last error.
func errorText() -> String {
    String(cString: strerror(errno))
}

/// The window's size as the kernel knows it (`TIOCGWINSZ`).
public struct WindowSize: Hashable, Sendable {
    public var cells: GridSize
    /// Zero where the terminal does not report it.
    public var pixels: PixelSize

    public init(cells: GridSize, pixels: PixelSize = PixelSize(width: 0, height: 0)) {
        self.cells = cells
        self.pixels = pixels
    }

    /// The size of one cell, if the pixels are plausible; xterm counts its border in, hence the division rounds down.
    var cell: PixelSize? {
        guard cells.columns > 0, cells.rows > 0, pixels.width >= 2 * cells.columns, pixels.height >= 4 * cells.rows else { return nil }
        return PixelSize(width: pixels.width / cells.columns, height: pixels.height / cells.rows)
    }
}

/// Something the terminal or its graphics could not do, in one sentence.
public struct TerminalError: Error, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
