import Foundation
import TerminalTestSupport
import Testing

@Suite("The playground, end to end on the demo pack", .serialized) struct PlaygroundEndToEndTests {
    @Test("Moving a slider changes the right picture and leaves the left one; q leaves the terminal as it was")
    func sliderChangesTheRightPicture() throws {
        let sample = try #require(Program.samples.first)
        let session = try #require(TerminalSession([sample], columns: 120, rows: 40))
        let terminal = session.terminal
        #expect(terminal.waits(upTo: 120) { $0.isUntouched })
        let before = terminal.left.map(\.image.rgb)
        let unedited = try #require(terminal.right.last).image.rgb
        // The strongest feature goes far beyond its slider.
        terminal.type("40\r")
        #expect(terminal.waits(upTo: 120) { ($0.right.last?.image.rgb).map { difference($0, unedited) > 8 } ?? false })
        // A picture that another one follows soon may have been sent in part.
        #expect(terminal.left.allSatisfy { drawn in before.contains { drawn.image.rgb.starts(with: $0.prefix(drawn.image.rgb.count)) } })
        terminal.type("q")
        #expect(session.exitCode() == 0)
        #expect(terminal.lineSettings == session.settings)
        #expect(terminal.waits { $0.text.contains("\u{1B}[?1049l") })
    }

    @Test("Ctrl-C leaves the terminal as it was, also while the pack loads") func interruption() throws {
        let sample = try #require(Program.samples.first)
        let session = try #require(TerminalSession([sample], columns: 80, rows: 24))
        #expect(session.terminal.waits { $0.text.contains("\u{1B}[?1049h") })
        session.terminal.type("\u{3}")
        #expect(session.exitCode() == 0)
        #expect(session.terminal.lineSettings == session.settings)
        #expect(session.terminal.waits { $0.text.contains("\u{1B}[?1049l") })
    }

    /// The mean difference of two pictures' samples, as far down as both have come.
    private func difference(_ a: [UInt8], _ b: [UInt8]) -> Double {
        let count = min(a.count, b.count)
        return Double(zip(a, b).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(max(count, 1))
    }
}
