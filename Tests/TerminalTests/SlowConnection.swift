import TerminalTestSupport
import Testing

@testable import Terminal

/// A screen at the end of a connection of 1 Mbit/s and 200 ms, in a time of its own, so that nothing depends on how busy the machine is.
///
/// As SSH does, the connection takes whatever it is given at once, and delivers it later.
@MainActor final class SlowConnection {
    /// What was given to the connection at one time.
    struct Parcel {
        let bytes: [UInt8]
        let sentAt: Double
        /// When the terminal has all of it, and when it has the text, which is the first synchronised frame.
        let arrivesAt, textArrivesAt: Double

        var holdsPicture: Bool { bytes.contains(Array("\u{1B}P".utf8)) }
    }

    private static let bytesPerSecond = 125_000.0
    private static let delay = 0.1
    private static let mark = Array("\u{1B}]mark\u{7}".utf8)

    let screen: Screen
    /// What the terminal shows once everything has arrived.
    private(set) var emulator = TerminalEmulator(columns: 80, rows: 24)
    private(set) var parcels: [Parcel] = []
    /// How many parcels with pictures were unanswered at the same time, at most.
    private(set) var mostUnanswered = 0
    /// Seconds since the beginning.
    private(set) var time = 0.0

    private let terminal: FakeTerminal
    private let begin = ContinuousClock.now
    private var taken = 0
    /// When the connection has delivered everything so far.
    private var isFreeAt = 0.0
    /// When answers come back, and whether to parcels with pictures.
    private var answers: [(at: Double, isToPicture: Bool)] = []

    init() throws {
        terminal = try #require(FakeTerminal(manner: .silent))
        screen = try Screen(TerminalDevice(path: terminal.path), environment: ["TERM": "xterm-256color", "LANG": "C.UTF-8"])
        screen.device.output.clock = { [unowned self] in begin + .seconds(time) }
        carry()
        time = isFreeAt + 2 * Self.delay
        screen.learn(.privateMode(2026, .reset))
        screen.learn(.cellSize(PixelSize(width: 10, height: 20)))
        screen.learn(.deviceAttributes([62, 4, 22]))
    }

    /// Presents a frame and lets some time go by; whenever an answer comes, the rest of the frame may go.
    /// - Returns: whether all of it has been sent by then.
    @discardableResult
    func present(_ canvas: Canvas, _ images: [PlacedImage] = [], for seconds: Double) -> Bool {
        var isSent = show(canvas, images)
        let end = time + seconds
        while let answer = answers.first, answer.at <= end {
            answers.removeFirst()
            time = answer.at
            screen.learn(.ready)
            isSent = show(canvas, images)
        }
        time = end
        return isSent
    }

    func close() {
        screen.close()
        carry()
    }

    private func show(_ canvas: Canvas, _ images: [PlacedImage]) -> Bool {
        let isSent = screen.present(canvas, images: images)
        carry()
        return isSent
    }

    /// Takes what the screen has written to the terminal.
    private func carry() {
        let output = screen.device.output
        output.send(Self.mark)
        while !output.isEmpty { output.flush() }
        _ = terminal.waits { $0.received.count > taken && $0.received.suffix(Self.mark.count).elementsEqual(Self.mark) }
        let received = terminal.received
        let bytes = Array(received[taken...].dropLast(Self.mark.count))
        taken = received.count
        guard !bytes.isEmpty else { return }
        emulator.feed(bytes)
        let textEnd = bytes.firstRange(of: Array(TerminalModes.endSynchronised.utf8))?.upperBound ?? bytes.count
        let begin = max(isFreeAt, time)
        isFreeAt = begin + Double(bytes.count) / Self.bytesPerSecond
        let parcel = Parcel(
            bytes: bytes, sentAt: time, arrivesAt: isFreeAt + Self.delay,
            textArrivesAt: begin + Double(textEnd) / Self.bytesPerSecond + Self.delay)
        parcels.append(parcel)
        if bytes.contains(Array(TerminalModes.askReady.utf8)) {
            answers.append((parcel.arrivesAt + Self.delay, parcel.holdsPicture))
        }
        mostUnanswered = max(mostUnanswered, answers.count(where: \.isToPicture))
    }
}
