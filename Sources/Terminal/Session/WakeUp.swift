import Glibc

/// Wakes the event loop from any thread.
public final class WakeUp: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    /// - Throws: `TerminalError` when the process has no file descriptors left.
    public init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw TerminalError("A pipe to wake the event loop cannot be made (\(errorText())).")
        }
        readEnd = ends[0]
        writeEnd = ends[1]
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Makes the event loop return `.wake` once, however often this is called before. Safe in a signal handler.
    public func signal() {
        send(0)
    }

    /// The end that `poll` waits on.
    var descriptor: Int32 { readEnd }

    /// The end that a signal handler writes to.
    var writeDescriptor: Int32 { writeEnd }

    /// Takes out what was sent.
    func drain() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(readEnd, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    /// A full pipe already wakes the loop, so that a failure does not matter.
    private func send(_ byte: UInt8) {
        var byte = byte
        _ = write(writeEnd, &byte, 1)
    }
}
