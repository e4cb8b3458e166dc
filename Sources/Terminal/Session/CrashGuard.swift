import Glibc

/// Restores the terminal when the process dies of a signal or leaves by `exit`.
///
/// A signal handler may only touch memory made ready before and call what POSIX lists as safe: hence the plain pointers.
enum CrashGuard {
    private static let fatalSignals = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGQUIT, SIGSYS]

    private struct Rescue {
        var descriptor: Int32 = -1
        var attributes = termios()
        var removesKittyPictures = false
        /// Whether the former handlers get the signal as well.
        var passesSignals = false
    }

    /// What the handler reads; a descriptor below 0 means that there is nothing to restore.
    nonisolated(unsafe) private static let rescue: UnsafeMutablePointer<Rescue> = {
        let rescue = UnsafeMutablePointer<Rescue>.allocate(capacity: 1)
        rescue.initialize(to: Rescue())
        return rescue
    }()

    nonisolated(unsafe) private static let kittyRemoval = constant(Array(TerminalModes.interrupt.utf8) + KittyEncoder.removalOfAll)
    nonisolated(unsafe) private static let reset = constant(Array(TerminalModes.reset.utf8))
    nonisolated(unsafe) private static let notice = constant(
        Array("Fader has crashed. What it saved last comes back with --resume.\r\n".utf8))

    private static func constant(_ bytes: [UInt8]) -> UnsafeMutableBufferPointer<UInt8> {
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = buffer.initialize(from: bytes)
        return buffer
    }

    /// The handlers that were there before, by signal number.
    nonisolated(unsafe) private static let previous: UnsafeMutablePointer<sigaction> = {
        let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
        actions.initialize(repeating: sigaction(), count: 65)
        return actions
    }()

    private static let installed: Void = {
        // Made now, since a handler cannot make them.
        _ = (kittyRemoval, reset, notice)
        // Swift's own handler would ask questions on the terminal for half a minute, unless it was asked for.
        rescue.pointee.passesSignals = getenv("SWIFT_BACKTRACE") != nil
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

    /// Whether the terminal has pictures that it keeps by kitty's protocol.
    static var removesKittyPictures: Bool {
        get { rescue.pointee.removesKittyPictures }
        set { rescue.pointee.removesKittyPictures = newValue }
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

    private static func handle(_ code: Int32) {
        restore(saying: code == SIGQUIT ? nil : notice)
        // Back to the default (a core dump) or the earlier handler (the runtime's backtrace), which the signal reaches when this one returns.
        if rescue.pointee.passesSignals { sigaction(code, previous + Int(code), nil) } else { signal(code, SIG_DFL) }
        raise(code)
    }

    /// Drops what a terminal that takes nothing has still to show, such as a large picture.
    private static func send(_ bytes: UnsafeMutableBufferPointer<UInt8>, to descriptor: Int32) {
        guard let start = bytes.baseAddress else { return }
        var written = 0
        for _ in 0..<10 where written < bytes.count {
            let count = write(descriptor, start + written, bytes.count - written)
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                tcflush(descriptor, TCOFLUSH)
            } else if errno != EINTR {
                return
            }
        }
    }

    /// Reads what the terminal has still to answer, until it is silent for a moment, so that the shell does not get it.
    private static func discardAnswers(_ descriptor: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        for _ in 0..<10 where poll(&request, 1, 50) > 0 {
            guard withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1024, { read(descriptor, $0.baseAddress, $0.count) }) > 0 else {
                return
            }
        }
    }

    private static func restore(saying sentence: UnsafeMutableBufferPointer<UInt8>? = nil) {
        let descriptor = rescue.pointee.descriptor
        guard descriptor >= 0 else { return }
        rescue.pointee.descriptor = -1
        if rescue.pointee.removesKittyPictures { send(kittyRemoval, to: descriptor) }
        send(reset, to: descriptor)
        if let sentence { send(sentence, to: descriptor) }
        discardAnswers(descriptor)
        tcsetattr(descriptor, TCSANOW, &rescue.pointee.attributes)
    }
}
