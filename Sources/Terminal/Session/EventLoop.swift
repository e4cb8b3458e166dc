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

    private let device: TerminalDevice
    private let wakeUp: WakeUp
    private let signals: SignalPipe
    private let timeouts: Timeouts
    private var parser = InputParser()
    /// When the last input came, from which the parser's timeouts count.
    private var lastInput = ContinuousClock.now
    private var repliesExpectedUntil = ContinuousClock.now

    /// Starts listening. Make it before the `Screen`: ncurses leaves only signals alone that are handled already.
    /// - Throws: `TerminalError` when the process has no file descriptors left.
    public init(device: TerminalDevice, wakeUp: WakeUp, timeouts: Timeouts = Timeouts()) throws {
        self.device = device
        self.wakeUp = wakeUp
        self.timeouts = timeouts
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

    /// The events that have come, after waiting for the first; none when nothing came in time, or when the screen can send more of what it
    /// still has to show, which `Screen.present` does.
    /// - Parameter timeout: how long to wait; nil waits for ever.
    public func next(within timeout: Duration? = nil) -> [Event] {
        let deadline = timeout.map { ContinuousClock.now + $0 }
        while true {
            let wasWriting = !device.output.isEmpty
            let events = poll(for: remaining(until: deadline))
            if !events.isEmpty || (wasWriting && device.output.isEmpty) || givesUpReplies() { return events }
            if let deadline, ContinuousClock.now >= deadline { return [] }
        }
    }

    /// How long `poll` may take before the caller or the parser wants to go on.
    private func remaining(until deadline: ContinuousClock.Instant?) -> Duration? {
        [deadline, parserDeadline, device.output.pacing.deadline].compactMap(\.self).min().map {
            max(.zero, ContinuousClock.now.duration(to: $0))
        }
    }

    /// When what is pending in the parser will not be completed any more.
    private var parserDeadline: ContinuousClock.Instant? {
        switch parser.pending {
        case .nothing: nil
        case .escape: lastInput + (lastInput < repliesExpectedUntil ? timeouts.escapeAmongReplies : timeouts.escape)
        case .sequence: lastInput + timeouts.sequence
        }
    }

    /// - Returns: whether the screen has waited long enough for answers, and must go on without them.
    private func givesUpReplies() -> Bool {
        guard let deadline = device.output.pacing.deadline, ContinuousClock.now >= deadline else { return false }
        device.output.pacing.giveUp()
        return true
    }

    private func poll(for duration: Duration?) -> [Event] {
        signals.unblock()
        var requests = [device.descriptor, signals.descriptor, wakeUp.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        if !device.output.isEmpty { requests[0].events |= Int16(POLLOUT) }
        let ready = Glibc.poll(&requests, nfds_t(requests.count), duration.map(\.wholeMilliseconds) ?? -1)
        var events: [Event] = []
        if ready > 0 {
            if requests[1].revents != 0 { events += signals.drain().map(Event.init) }
            if requests[0].revents & Int16(POLLOUT) != 0 { device.output.flush() }
            if requests[0].revents & ~Int16(POLLOUT) != 0 { events += readInput() }
            if requests[2].revents != 0, !wakeUp.drain().isEmpty { events.append(.wake) }
        }
        if let parserDeadline, ContinuousClock.now >= parserDeadline { events += parser.flush().map(Event.input) }
        return events
    }

    private func readInput() -> [Event] {
        guard let bytes = device.read() else { return [.hangUp] }
        let inputs = parser.feed(bytes)
        lastInput = .now
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

/// How long to wait for what a terminal sends: long enough for slow connections, which deliver a sequence in pieces.
public struct Timeouts: Sendable {
    /// For the rest of a sequence after its escape character; after that it is the Escape key.
    public var escape = Duration.milliseconds(50)
    /// The same while replies are on their way.
    public var escapeAmongReplies = Duration.milliseconds(500)
    /// For the rest of a sequence that has begun.
    public var sequence = Duration.seconds(2)
    /// For the answer to a picture, on top of the time it takes to send; after that pictures are sent without waiting.
    public var answer = Duration.seconds(1)
    /// For outstanding answers when the terminal is given back.
    public var leaving = Duration.milliseconds(500)
    /// The same for a terminal that has answered such questions before, and so will do it again.
    public var leavingAnswering = Duration.seconds(2)

    public init() {}
}
