import Glibc

/// Waits for whatever happens next: input, a signal, another thread, the terminal's end.
@MainActor public final class EventLoop {
    public enum Event: Equatable, Sendable {
        case input(Input)
        /// Another thread called `WakeUp.signal()`.
        case wake
        case signal(Signal)
        /// The terminal is gone: save and leave.
        case hangUp
    }

    /// How long an escape character waits for the rest of a sequence before it is the Escape key.
    private static let escapeDelay = Duration.milliseconds(50)
    /// The same while replies are on their way, which slow connections split.
    private static let escapeDelayAwaitingReplies = Duration.milliseconds(500)
    /// How long a broken sequence is waited for.
    private static let sequenceDelay = Duration.seconds(2)

    private let device: TerminalDevice
    private let wakeUp: WakeUp
    private let signals: SignalPipe
    private var parser = InputParser()
    private var repliesExpectedUntil = ContinuousClock.now

    /// - Throws: `TerminalError` when the process has no file descriptors left.
    public init(device: TerminalDevice, wakeUp: WakeUp) throws {
        self.device = device
        self.wakeUp = wakeUp
        signals = try SignalPipe()
    }

    /// Stops listening to signals.
    public func close() {
        signals.close()
    }

    /// Says that a query was sent. The time ends with the answer to DA1, which is asked last.
    public func expectReplies(for duration: Duration = .seconds(5)) {
        repliesExpectedUntil = .now + duration
    }

    /// The events that have come, after waiting for the first; none when nothing came in time.
    /// - Parameter timeout: how long to wait; nil waits for ever.
    public func next(within timeout: Duration? = nil) -> [Event] {
        let deadline = timeout.map { ContinuousClock.now + $0 }
        while true {
            let events = poll(for: remaining(until: deadline))
            if !events.isEmpty { return events }
            if let deadline, ContinuousClock.now >= deadline { return [] }
        }
    }

    private func remaining(until deadline: ContinuousClock.Instant?) -> Duration? {
        let left = deadline.map { max(Duration.zero, ContinuousClock.now.duration(to: $0)) }
        return switch parser.pending {
        case .nothing: left
        case .escape:
            min(left ?? .seconds(60), .now < repliesExpectedUntil ? Self.escapeDelayAwaitingReplies : Self.escapeDelay)
        case .sequence: min(left ?? .seconds(60), Self.sequenceDelay)
        }
    }

    private func poll(for duration: Duration?) -> [Event] {
        var requests = [device.descriptor, signals.descriptor, wakeUp.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let ready = Glibc.poll(&requests, nfds_t(requests.count), duration.map(\.wholeMilliseconds) ?? -1)
        if ready == 0 { return parser.flush().map(Event.input) }
        guard ready > 0 else { return [] }
        var events: [Event] = []
        if requests[1].revents != 0 { events += signals.drain().map(Event.init) }
        if requests[0].revents != 0 { events += readInput() }
        if requests[2].revents != 0, !wakeUp.drain().isEmpty { events.append(.wake) }
        return events
    }

    private func readInput() -> [Event] {
        guard let bytes = device.read() else { return [.hangUp] }
        let inputs = parser.feed(bytes)
        for case .reply(.deviceAttributes) in inputs { repliesExpectedUntil = .now }
        return inputs.map(Event.input)
    }
}

extension EventLoop.Event {
    fileprivate init(_ notice: SignalPipe.Notice) {
        switch notice {
        case .signal(let signal): self = .signal(signal)
        case .resize: self = .input(.resize)
        case .hangUp: self = .hangUp
        }
    }
}

extension Duration {
    /// Rounded up, so that a wait does not end just before its time.
    fileprivate var wholeMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        return Int32(clamping: seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
