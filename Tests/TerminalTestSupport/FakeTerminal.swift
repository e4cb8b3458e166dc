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
        public var mean: (red: Double, green: Double, blue: Double) {
            let samples = image.rgb
            let means = (0..<3).map { channel in
                let sum = stride(from: channel, to: samples.count, by: 3).reduce(0) { $0 + Int(samples[$1]) }
                return Double(3 * sum) / Double(max(1, samples.count))
            }
            return (means[0], means[1], means[2])
        }
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
    private let answers: [(query: [UInt8], answer: [UInt8])]
    private let transcript = Mutex(Transcript())

    /// A terminal of some cells of 10 × 20 pixels; nil when the system gives none.
    public init?(columns: Int, rows: Int, hasSixel: Bool = true) {
        var (terminal, program): (Int32, Int32) = (-1, -1)
        var size = winsize(
            ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: UInt16(10 * columns), ws_ypixel: UInt16(20 * rows))
        var name = [CChar](repeating: 0, count: 256)
        guard openpty(&terminal, &program, &name, nil, &size) == 0 else { return nil }
        path = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        self.terminal = terminal
        self.program = program
        answers = [
            (Array("\u{1B}[c".utf8), Array((hasSixel ? "\u{1B}[?63;1;2;4;6;9;15;16;22;28c" : "\u{1B}[?1;2c").utf8)),
            (Array("\u{1B}[5n".utf8), Array("\u{1B}[0n".utf8)),
        ]
        Thread.detachNewThread { [weak self, terminal] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(terminal, &buffer, buffer.count)
                guard count > 0, let self else { return }
                self.receive(buffer[..<count])
            }
        }
    }

    deinit {
        close(program)
        close(terminal)
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
    public func waits(upTo seconds: Double = 10, until isTrue: (FakeTerminal) -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if isTrue(self) { return true }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return isTrue(self)
    }

    /// The images drawn so far, oldest first; those that are still on their way are left out.
    public var images: [DrawnImage] {
        let bytes = received
        var images: [DrawnImage] = []
        var start = bytes.firstRange(of: Self.introducer)
        while let found = start {
            guard let end = bytes[found.upperBound...].firstRange(of: Self.terminator) else { break }
            if let image = try? SixelDecoder(bytes[found.lowerBound..<end.upperBound]),
                let (column, row) = Self.cursor(before: found.lowerBound, in: bytes)
            {
                images.append(DrawnImage(column: column, row: row, image: image))
            }
            start = bytes[end.upperBound...].firstRange(of: Self.introducer)
        }
        return images
    }

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
        for answer in due { _ = write(terminal, answer, answer.count) }
    }

    private func takeDueAnswers(_ transcript: inout Transcript) -> [[UInt8]] {
        var due: [(at: Int, answer: [UInt8])] = []
        for (query, answer) in answers {
            var from = transcript.answered
            while let found = transcript.bytes[from...].firstRange(of: query) {
                due.append((found.upperBound, answer))
                from = found.upperBound
            }
        }
        due.sort { $0.at < $1.at }
        // A query may have arrived in part.
        transcript.answered = max(due.last?.at ?? transcript.answered, transcript.bytes.count - 2)
        return due.map(\.answer)
    }
}
