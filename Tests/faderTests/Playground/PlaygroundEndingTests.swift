import Foundation
import TerminalTestSupport
import TestSupport
import Testing

@Suite("However the playground ends, nothing is lost and the terminal is as it was", .serialized) struct PlaygroundEndingTests {
    @Test("A closed window ends it, and the session is saved") func closedWindow() throws {
        let session = try edited()
        session.terminal.hangUp()
        #expect(session.exitCode() == 0)
        #expect(session.savedText.contains("37.25"))
    }

    @Test("SIGHUP and SIGTERM end it, and the session is saved", arguments: [SIGHUP, SIGTERM]) func signalled(signal: Int32) throws {
        let session = try edited()
        session.send(signal)
        #expect(session.exitCode() == 0)
        #expect(session.savedText.contains("37.25"))
        #expect(session.terminal.lineSettings == session.settings)
        #expect(session.terminal.waits { $0.lastSwitches == FakeTerminal.atRest })
    }

    @Test("Ctrl-Z gives the terminal to the shell as it was, and fg goes on") func suspended() throws {
        let sample = try #require(Program.samples.first)
        // The shell waits for a line, so that there is time to look.
        let shell = "set -m; \"$0\" \"$@\"; echo stopped; read line; fg >&-"
        let command = ["bash", "-c", shell, Program.executable.path]
        let session = try #require(TerminalSession([sample], command: command, columns: 100, rows: 30))
        let terminal = session.terminal
        #expect(terminal.waits(upTo: 120) { !$0.images.isEmpty })
        let playing = terminal.lastSwitches
        #expect(playing != FakeTerminal.atRest)
        terminal.type("\u{1A}")
        #expect(terminal.waits { $0.text.hasSuffix("stopped\r\n") })
        #expect(terminal.lineSettings == session.settings)
        #expect(terminal.lastSwitches == FakeTerminal.atRest)
        let drawn = terminal.images.count
        terminal.type("\n")
        #expect(terminal.waits { $0.lastSwitches == playing && $0.images.count > drawn })
        terminal.type("q")
        #expect(session.exitCode() == 0)
        #expect(terminal.lineSettings == session.settings)
        #expect(terminal.lastSwitches == FakeTerminal.atRest)
    }

    @Test("Terminals that cannot place text, and types that nobody knows, get one sentence", arguments: ["dumb", "no-such-terminal", ""])
    func refusedTerminal(type: String) throws {
        let sample = try #require(Program.samples.first)
        let session = try #require(TerminalSession([sample], columns: 80, rows: 24, environment: ["TERM": type]))
        #expect(session.exitCode() == 1)
        #expect(session.terminal.waits { $0.text.hasSuffix(".\r\n") })
        #expect(session.terminal.text.split(separator: "\r\n").count == 1)
        #expect(!session.terminal.text.contains("\u{1B}"))
        #expect(session.terminal.lineSettings == session.settings)
    }

    @Test("A crash leaves one sentence on a terminal that is as it was, and the session") func crashed() throws {
        let session = try edited()
        Thread.sleep(forTimeInterval: 2)
        session.send(SIGSEGV)
        #expect(session.exitCode() == nil)
        #expect(session.terminal.waits { $0.lastSwitches == FakeTerminal.atRest })
        let left = try #require(session.terminal.text.ranges(of: "\u{1B}[?25h").last).upperBound
        #expect(session.terminal.text[left...] == "\rFader has crashed. What it saved last comes back with --resume.\r\n")
        #expect(session.terminal.lineSettings == session.settings)
        #expect(session.savedText.contains("37.25"))
    }

    /// A session with an edit that may not have been saved yet.
    private func edited() throws -> TerminalSession {
        let sample = try #require(Program.samples.first)
        let session = try #require(TerminalSession([sample], columns: 100, rows: 30))
        #expect(session.terminal.waits(upTo: 120) { !$0.images.isEmpty })
        session.terminal.type("37.25\r")
        #expect(session.terminal.waits { $0.text.contains("37.25") })
        return session
    }
}

extension FakeTerminal {
    private static let modes = ["1049", "1002", "1003", "1006", "1004", "2004", "25"]

    /// How the modes are while no program uses them: only the cursor is shown.
    fileprivate static let atRest = ["1049": false, "1002": false, "1003": false, "1006": false, "1004": false, "2004": false, "25": true]

    /// Whether each mode was last set.
    fileprivate var lastSwitches: [String: Bool] {
        let text = text
        return Dictionary(
            uniqueKeysWithValues: Self.modes.map { mode in
                let set = text.ranges(of: "\u{1B}[?\(mode)h").last?.lowerBound
                let reset = text.ranges(of: "\u{1B}[?\(mode)l").last?.lowerBound
                guard let set else { return (mode, false) }
                return (mode, reset.map { set > $0 } ?? true)
            })
    }
}
