import Glibc

/// What is on its way to a terminal. Nothing here waits but `drain`: what the terminal does not take at once is kept and written later.
final class TerminalOutput {
    private let descriptor: Int32
    private var bytes: [UInt8] = []
    /// How many of `bytes` have been written.
    private var written = 0
    /// Whether the terminal is gone. Then all output vanishes; the event loop tells of it, once, by reading.
    private(set) var isBroken = false
    var pacing = Pacing()
    /// What time it is, for the pacing; a test may have a time of its own.
    var clock: () -> ContinuousClock.Instant = { .now }

    /// - Parameter descriptor: an open terminal whose writes do not block.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Whether everything has been written.
    var isEmpty: Bool { bytes.isEmpty }

    /// Writes bytes after those before, as far as the terminal takes them now.
    func send(_ more: [UInt8]) {
        bytes += more
        flush()
    }

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Writes what the terminal takes now.
    func flush() {
        while !isBroken, written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written) }
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                isBroken = true
            }
        }
        bytes.removeAll(keepingCapacity: true)
        written = 0
    }

    /// Waits until everything is written, but not for longer than given.
    /// - Returns: whether it is.
    @discardableResult
    func drain(within duration: Duration) -> Bool {
        let deadline = ContinuousClock.now + duration
        flush()
        while !isEmpty, ContinuousClock.now < deadline {
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&request, 1, 20)
            flush()
        }
        return isEmpty && !isBroken
    }

    /// Drops what has not been written, and ends what has been written in part.
    /// - Returns: what was dropped.
    func discard() -> [UInt8] {
        guard !isEmpty else { return [] }
        defer { written = 0 }
        let dropped = Array(bytes[written...])
        bytes = Array(TerminalModes.interrupt.utf8)
        return dropped
    }
}
