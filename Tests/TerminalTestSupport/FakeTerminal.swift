import Foundation
import Synchronization

/// The terminal's side of a pseudo-terminal: it answers queries, keeps what it is sent, and types what a test tells it to.
public final class FakeTerminal: Sendable {
    /// An image as it was drawn, with the cell at which the cursor was.
    public struct DrawnImage: Sendable {
        public let column: Int
        public let row: Int
        public let image: SixelDecoder

        /// The mean of all pixels, per channel.
        public var mean: (red: Double, green: Double, blue: Double) { image.mean }

        /// Whether a strip at `row` belongs right below this image.
        fileprivate func isContinued(by strip: SixelDecoder, at start: Int) -> Bool {
            start > row && (start - row) * FakeTerminal.cellHeight == image.height && strip.width == image.width
        }
    }

    /// How a terminal answers.
    public struct Manner: Sendable {
        /// What is sent back when a query is seen.
        public var answers: [String: String] = [:]
        /// How long each answer takes.
        public var delay = 0.0
        /// Whether answers come byte by byte.
        public var isSplit = false
        /// How long answers are on their way, while more is received.
        public var latency = 0.0
        /// How many bytes arrive in a second; nil for all of them.
        public var bytesPerSecond: Double?

        /// foot 1.13, as it answers.
        public static let foot = Manner(answers: [
            "\u{1B}[>0q": "\u{1B}P>|foot(1.13.1)\u{1B}\\", "\u{1B}[?2026$p": "\u{1B}[?2026;2$y", "\u{1B}[16t": "\u{1B}[6;20;10t",
            "\u{1B}[c": "\u{1B}[?62;4;22c", "\u{1B}[5n": "\u{1B}[0n",
        ])
        /// xterm 379 as a VT340, as it answers.
        public static let xterm = Manner(answers: [
            "\u{1B}[>0q": "\u{1B}P>|XTerm(379)\u{1B}\\", "\u{1B}[?2026$p": "\u{1B}[?2026;0$y",
            "\u{1B}[?2;1;0S": "\u{1B}[?2;0;1000;1000S", "\u{1B}[c": "\u{1B}[?63;1;2;4;6;9;15;16;22;28c", "\u{1B}[5n": "\u{1B}[0n",
        ])
        /// kitty 0.26, as it answers.
        public static let kitty = Manner(answers: [
            "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\": "\u{1B}_Gi=31;OK\u{1B}\\", "\u{1B}[>0q": "\u{1B}P>|kitty(0.26.5)\u{1B}\\",
            "\u{E9}\u{1B}[6n": "\u{1B}[2;2R", "\u{1B}P$qm\u{1B}\\": "\u{1B}P1$r48:2:1:2:3m\u{1B}\\",
            "\u{1B}[?2026$p": "\u{1B}[?2026;2$y", "\u{1B}[16t": "\u{1B}[6;20;10t",
            "\u{1B}]11;?\u{1B}\\": "\u{1B}]11;rgb:0000/0000/0000\u{1B}\\", "\u{1B}[c": "\u{1B}[?62;c", "\u{1B}[5n": "\u{1B}[0n",
        ])
        /// A terminal without graphics that says little.
        public static let plain = Manner(answers: ["\u{1B}[c": "\u{1B}[?1;2c", "\u{1B}[5n": "\u{1B}[0n"])
        public static let silent = Manner()
    }

    private struct Transcript {
        var bytes: [UInt8] = []
        /// Up to where queries have been looked for.
        var answered = 0
    }

    /// The device that the program under test opens.
    public let path: String
    private let terminal: Int32
    private let program: Int32
    private let manner: Manner
    private let isHungUp = Mutex(false)
    private let transcript = Mutex(Transcript())
    /// Keeps answers that are on their way in order.
    private let wire = DispatchQueue(label: "answers")

    /// A terminal of some cells of 10 × 20 pixels; nil when the system gives none.
    public convenience init?(columns: Int, rows: Int, hasSixel: Bool = true) {
        self.init(columns: columns, rows: rows, manner: hasSixel ? .xterm : .plain)
    }

    /// A terminal of some cells of 10 × 20 pixels that answers in its own manner; nil when the system gives none.
    public init?(columns: Int = 80, rows: Int = 24, manner: Manner) {
        var (terminal, program): (Int32, Int32) = (-1, -1)
        var name = [CChar](repeating: 0, count: 256)
        guard openpty(&terminal, &program, &name, nil, nil) == 0 else { return nil }
        path = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        self.terminal = terminal
        self.program = program
        self.manner = manner
        resize(columns: columns, rows: rows)
        // Programs that tests start must not hold the terminal open.
        for descriptor in [terminal, program] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        Thread.detachNewThread { [weak self, terminal] in
            var buffer = [UInt8](repeating: 0, count: manner.bytesPerSecond == nil ? 65_536 : 2048)
            while self?.isHungUp.withLock({ $0 }) == false {
                var request = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
                guard poll(&request, 1, 50) > 0 else { continue }
                let count = read(terminal, &buffer, buffer.count)
                guard count > 0, let self else { break }
                if let bytesPerSecond = manner.bytesPerSecond { Thread.sleep(forTimeInterval: Double(count) / bytesPerSecond) }
                self.receive(buffer[..<count])
            }
            // Nobody else: a number that is closed while this thread still reads may by then be another test's file.
            close(terminal)
        }
    }

    deinit {
        hangUp()
    }

    /// Closes the window, soon.
    public func hangUp() {
        let isFirst = isHungUp.withLock { isHungUp in
            defer { isHungUp = true }
            return !isHungUp
        }
        if isFirst { close(program) }
    }

    /// Gives the window another size.
    public func resize(columns: Int, rows: Int) {
        var size = winsize(
            ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: UInt16(10 * columns), ws_ypixel: UInt16(Self.cellHeight * rows))
        _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
    }

    /// The line settings, as bytes to compare.
    public var lineSettings: [UInt8] {
        var settings = termios()
        tcgetattr(program, &settings)
        return withUnsafeBytes(of: settings) { Array($0) }
    }

    /// How many bytes wait for whoever reads the terminal next.
    public var unread: Int {
        var count: Int32 = 0
        _ = ioctl(program, UInt(FIONREAD), &count)
        return Int(count)
    }

    /// Types text, escape sequences included.
    public func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(terminal, bytes, bytes.count)
    }

    /// Everything received so far.
    public var received: [UInt8] { transcript.withLock(\.bytes) }

    /// Everything received so far, as text.
    public var text: String { String(decoding: received, as: UTF8.self) }

    /// Waits until something is true of the terminal.
    /// - Returns: whether it became true in time.
    public func waits(upTo seconds: Double = 60, until isTrue: (FakeTerminal) -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if isTrue(self) { return true }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return isTrue(self)
    }

    /// The images drawn so far, oldest first, those that came in strips as one; those that are still on their way are left out.
    public var images: [DrawnImage] {
        let bytes = received
        var images: [DrawnImage] = []
        var start = bytes.firstRange(of: Self.introducer)
        while let found = start {
            guard let end = bytes[found.upperBound...].firstRange(of: Self.terminator) else { break }
            if let image = try? SixelDecoder(bytes[found.lowerBound..<end.upperBound]),
                let (column, row) = Self.cursor(before: found.lowerBound, in: bytes)
            {
                // Strips of pictures side by side may take turns.
                if let index = images.lastIndex(where: { $0.column == column }), images[index].isContinued(by: image, at: row) {
                    images[index] = DrawnImage(column: column, row: images[index].row, image: images[index].image.appending(image))
                } else {
                    images.append(DrawnImage(column: column, row: row, image: image))
                }
            }
            start = bytes[end.upperBound...].firstRange(of: Self.introducer)
        }
        return images
    }

    fileprivate static let cellHeight = 20
    private static let introducer = Array("\u{1B}P".utf8)
    private static let terminator = Array("\u{1B}\\".utf8)

    /// The cell that the cursor was sent to right before a place in the transcript.
    private static func cursor(before end: Int, in bytes: [UInt8]) -> (column: Int, row: Int)? {
        let sequence = String(decoding: bytes[max(0, end - 16)..<end], as: UTF8.self)
        guard let match = sequence.firstMatch(of: /\u{1B}\[(\d+);(\d+)H$/), let row = Int(match.1), let column = Int(match.2) else {
            return nil
        }
        return (column - 1, row - 1)
    }

    private func receive(_ bytes: ArraySlice<UInt8>) {
        let due = transcript.withLock { transcript in
            transcript.bytes += bytes
            return takeDueAnswers(&transcript)
        }
        for answer in due { send(answer) }
    }

    private func send(_ answer: String) {
        Thread.sleep(forTimeInterval: manner.delay)
        guard manner.latency == 0 else {
            return wire.asyncAfter(deadline: .now() + manner.latency) { [weak self] in self?.type(answer) }
        }
        guard manner.isSplit else { return type(answer) }
        for scalar in answer.unicodeScalars {
            type(String(scalar))
            Thread.sleep(forTimeInterval: 0.001)
        }
    }

    private func takeDueAnswers(_ transcript: inout Transcript) -> [String] {
        var due: [(at: Int, answer: String)] = []
        for (query, answer) in manner.answers {
            var from = transcript.answered
            while let found = transcript.bytes[from...].firstRange(of: Array(query.utf8)) {
                due.append((found.upperBound, answer))
                from = found.upperBound
            }
        }
        due.sort { $0.at < $1.at }
        transcript.answered = max(due.last?.at ?? transcript.answered, transcript.bytes.count - unfinished(transcript.bytes))
        return due.map(\.answer)
    }

    /// How many bytes at the end may be a query of which the rest has not come yet.
    private func unfinished(_ bytes: [UInt8]) -> Int {
        let longest = manner.answers.keys.map(\.utf8.count).max() ?? 0
        let lengths = (1..<max(2, longest)).reversed()
        return lengths.first { length in
            manner.answers.keys.contains { $0.utf8.count > length && bytes.suffix(length).elementsEqual($0.utf8.prefix(length)) }
        } ?? 0
    }
}
