import CNcurses
import CSixel
import Glibc

/// Asks a terminal for its capabilities without taking over its screen.
@MainActor public enum TerminalProbe {
    /// The capabilities by the environment and the terminal's answers, for the last of which it waits a while.
    /// - Throws: `TerminalError` when the terminal is gone.
    public static func capabilities(
        of device: TerminalDevice, environment: [String: String], within limit: Duration = .seconds(2)
    ) throws -> Capabilities {
        var capabilities = Capabilities(environment: environment, window: device.windowSize, tmux: TmuxClient(asking: environment))
        let loop = try EventLoop(device: device, wakeUp: WakeUp())
        defer { loop.close() }
        var attributes = device.originalAttributes
        cfmakeraw(&attributes)
        // Output and Ctrl-C stay as they are: the answers must neither be shown nor wait for a line's end.
        attributes.c_oflag = device.originalAttributes.c_oflag
        tcsetattr(device.descriptor, TCSADRAIN, &attributes)
        defer { device.restoreAttributes() }
        loop.expectReplies()
        try device.write(capabilities.erasedQuery())
        var deadline = ContinuousClock.now + limit
        while !capabilities.isSettled, .now < deadline {
            for event in loop.next(within: deadline - .now) {
                switch event {
                case .input(.reply(let reply)): capabilities.learn(reply)
                // The answers must not reach the shell, so that a short wait remains even for those who interrupt.
                case .signal: deadline = min(deadline, .now + Timeouts().leaving)
                case .hangUp: return capabilities
                case .input, .wake: break
                }
            }
        }
        return capabilities
    }
}

/// The versions of the libraries that terminals are driven with.
public enum LibraryVersions {
    /// For instance "ncurses 6.4.20221231".
    public static var ncurses: String { String(cString: curses_version()) }

    /// The version that the program was built with, for instance "1.10.3".
    public static let sixel = LIBSIXEL_VERSION
}
