import Foundation
import Pictures
import TerminalTestSupport
import Testing

@Suite("The playground in real terminals, where they are installed", .serialized) struct PlaygroundInTerminalsTests {
    @Test(
        "In xterm, moving a slider changes the right picture and leaves the left one",
        .enabled(if: XtermSession.isPossible, "Xvfb, xterm, xdotool or ImageMagick is not installed."))
    func xterm() throws {
        let session = try XtermSession([#require(Program.samples.first)])
        // Inside the frames of the two pictures in a window of 120 columns.
        func left() -> Picture? { session.picture(columns: 45..<78, rows: 2..<14) }
        func right() -> Picture? { session.picture(columns: 84..<117, rows: 2..<14) }
        // Where the status line would go on behind "ready", it is as empty as further right.
        func isAtRest() -> Bool { session.picture(columns: 7..<13, rows: 34..<35) == session.picture(columns: 20..<26, rows: 34..<35) }
        // Untouched, it looks untouched.
        #expect(Tool.waits { (left()?.brightness ?? 0) > 30 && isAtRest() && left() == right() })
        let (before, unedited) = (try #require(left()), try #require(right()))
        // The strongest feature goes far beyond its slider.
        session.press("4", "0", "Return")
        #expect(Tool.waits { (right()?.difference(from: unedited) ?? 0) > 8 && isAtRest() })
        #expect(Tool.waits { left() == before })
        session.press("u")
        #expect(Tool.waits { right() == unedited })
        session.press("q")
        #expect(session.ends())
    }

    @Test(
        "In a tmux without pixels there are blocks and the reason; moving a slider changes the right picture and leaves the left one",
        .enabled(if: TmuxSession.isPossible, "There is no tmux 3.2 or 3.3."))
    func tmux() throws {
        let session = try TmuxSession([#require(Program.samples.first)], columns: 120, rows: 36)
        func cells(_ columns: Range<Int>) -> [[String]] {
            session.cells.dropFirst(2).prefix(12).map { Array($0.dropFirst(columns.lowerBound).prefix(columns.count)) }
        }
        func isAtRest() -> Bool { session.text.contains(" after · 0") }
        #expect(Tool.waits { session.written.contains("tmux") })
        #expect(Tool.waits { cells(84..<117).joined().allSatisfy { $0.hasSuffix("▀") } && isAtRest() })
        let (before, unedited) = (cells(45..<78), cells(84..<117))
        #expect(before.joined().contains { $0.hasSuffix("▀") })
        session.press("4", "0", "Enter")
        #expect(Tool.waits { zip(cells(84..<117).joined(), unedited.joined()).count { $0 != $1 } > 40 && isAtRest() })
        #expect(cells(45..<78) == before)
        session.press("q")
        #expect(session.ends())
    }

    @Test(
        "Through ssh, moving a slider changes the right picture, and the terminal is left as it was",
        .enabled(if: RemoteShell.isPossible, "ssh or sshd is not installed, or refuses a log-in."))
    func ssh() throws {
        let shell = try RemoteShell()
        let command = try shell.command(running: [Program.executable.path, #require(Program.samples.first)])
        let session = try #require(TerminalSession([], command: command, columns: 120, rows: 40))
        let terminal = session.terminal
        #expect(terminal.waits(upTo: 180) { $0.isUntouched })
        let before = terminal.left.map(\.image.rgb)
        let drawn = terminal.right.count
        terminal.type("40\r")
        #expect(terminal.waits(upTo: 180) { $0.right.count > drawn && $0.text.contains("40.00") })
        #expect(terminal.left.allSatisfy { drawn in before.contains { drawn.image.rgb.starts(with: $0.prefix(drawn.image.rgb.count)) } })
        terminal.type("q")
        #expect(session.exitCode() == 0)
        #expect(terminal.lineSettings == session.settings)
        #expect(terminal.waits { $0.text.contains("\u{1B}[?1049l") })
    }
}

extension Picture {
    fileprivate var brightness: Double { Double(pixels.reduce(0) { $0 + Int($1) }) / Double(pixels.count) }

    /// The mean difference of the samples.
    fileprivate func difference(from other: Picture) -> Double {
        Double(zip(pixels, other.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(pixels.count)
    }
}
