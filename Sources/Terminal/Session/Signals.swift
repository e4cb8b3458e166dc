import Glibc

/// What the system tells a terminal program.
public enum Signal: Sendable {
    case interrupt
    case terminate
    case suspend
    case resume
}

/// Turns signals into bytes on a pipe that `poll` waits on, so that nothing happens inside a handler.
@MainActor final class SignalPipe {
    enum Notice: Equatable {
        case signal(Signal)
        case resize
        case hangUp
    }

    private static let meanings: [Int32: Notice] = [
        SIGINT: .signal(.interrupt), SIGTERM: .signal(.terminate), SIGTSTP: .signal(.suspend), SIGCONT: .signal(.resume),
        SIGWINCH: .resize, SIGHUP: .hangUp,
    ]

    private let pipe: WakeUp
    private var previous: [Int32: sigaction] = [:]

    init() throws {
        pipe = try WakeUp()
        signalDescriptor = pipe.writeDescriptor
        for signal in Self.meanings.keys {
            var action = sigaction()
            var old = sigaction()
            action.sa_flags = SA_RESTART
            action.__sigaction_handler.sa_handler = forwardSignal
            sigaction(signal, &action, &old)
            previous[signal] = old
        }
        // A write to a closed terminal or pipe must fail instead of killing the process.
        Glibc.signal(SIGPIPE, SIG_IGN)
    }

    /// Lets signals reach this thread: those that run tasks block them, and the main actor's may be one of these, another each time.
    func unblock() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in Self.meanings.keys { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Restores the former signal handlers.
    func close() {
        for (signal, old) in previous {
            var old = old
            sigaction(signal, &old, nil)
        }
        previous = [:]
        signalDescriptor = -1
    }

    var descriptor: Int32 { pipe.descriptor }

    /// What has come since the last call, in order.
    func drain() -> [Notice] {
        pipe.drain().compactMap { Self.meanings[Int32($0)] }
    }
}

/// The descriptor that the handler writes to; below 0 when there is none.
nonisolated(unsafe) private var signalDescriptor: Int32 = -1

private func forwardSignal(_ signal: Int32) {
    let error = errno
    var byte = UInt8(truncatingIfNeeded: signal)
    _ = write(signalDescriptor, &byte, 1)
    errno = error
}
