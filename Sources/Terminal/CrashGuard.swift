import Glibc

/// Restores the terminal when the process dies of a signal or leaves by `exit`.
///
/// A signal handler may only touch memory made ready before and call what POSIX lists as safe: hence the plain pointers.
enum CrashGuard {
    private static let fatalSignals = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGQUIT, SIGSYS]

    private struct Rescue {
        var descriptor: Int32 = -1
        var attributes = termios()
        var bytes: UnsafeMutablePointer<UInt8>
        var count: Int
    }

    /// What the handler reads; a descriptor below 0 means that there is nothing to restore.
    nonisolated(unsafe) private static let rescue: UnsafeMutablePointer<Rescue> = {
        let reset = Array(TerminalModes.reset.utf8)
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: reset.count)
        bytes.initialize(from: reset, count: reset.count)
        let rescue = UnsafeMutablePointer<Rescue>.allocate(capacity: 1)
        rescue.initialize(to: Rescue(bytes: bytes, count: reset.count))
        return rescue
    }()

    /// The handlers that were there before, by signal number.
    nonisolated(unsafe) private static let previous: UnsafeMutablePointer<sigaction> = {
        let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
        actions.initialize(repeating: sigaction(), count: 65)
        return actions
    }()

    private static let installed: Void = {
        atexit { CrashGuard.restore() }
        useOwnStack()
        for signal in fatalSignals {
            var action = sigaction()
            action.sa_flags = SA_ONSTACK
            action.__sigaction_handler.sa_handler = { CrashGuard.handle($0) }
            sigaction(signal, &action, previous + Int(signal))
        }
    }()

    /// Watches over a terminal from now on.
    static func arm(_ device: TerminalDevice) {
        rescue.pointee.attributes = device.originalAttributes
        // Its own descriptor, which stays open when the device is gone.
        disarm()
        rescue.pointee.descriptor = dup(device.descriptor)
        installed
    }

    /// The terminal has been restored in order.
    static func disarm() {
        let descriptor = rescue.pointee.descriptor
        rescue.pointee.descriptor = -1
        if descriptor >= 0 { close(descriptor) }
    }

    /// A stack overflow leaves no stack for its own handler.
    private static func useOwnStack() {
        let size = 65_536
        var stack = stack_t()
        stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        stack.ss_size = size
        sigaltstack(&stack, nil)
    }

    private static func handle(_ signal: Int32) {
        restore()
        // Back to the earlier handler (the runtime's backtrace, a core dump), which the signal reaches when this one returns.
        sigaction(signal, previous + Int(signal), nil)
        raise(signal)
    }

    /// Drops what a terminal that takes nothing has still to show, such as a large picture.
    private static func writeReset(_ descriptor: Int32) {
        var written = 0
        for _ in 0..<10 where written < rescue.pointee.count {
            let count = write(descriptor, rescue.pointee.bytes + written, rescue.pointee.count - written)
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                tcflush(descriptor, TCOFLUSH)
            } else if errno != EINTR {
                return
            }
        }
    }

    private static func restore() {
        let descriptor = rescue.pointee.descriptor
        guard descriptor >= 0 else { return }
        rescue.pointee.descriptor = -1
        writeReset(descriptor)
        tcsetattr(descriptor, TCSANOW, &rescue.pointee.attributes)
    }
}
