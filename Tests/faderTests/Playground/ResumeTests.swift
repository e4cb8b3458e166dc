import Foundation
import TerminalTestSupport
import Testing

@Suite("A session that was cut off", .serialized) struct ResumeTests {
    @Test("After kill -9, --resume brings picture and edits back, although the program was started in between") func resumes() throws {
        let sample = try #require(Program.samples.last)
        let session = try #require(TerminalSession([sample], columns: 120, rows: 40))
        #expect(session.terminal.waits(upTo: 120) { !$0.images.isEmpty })
        session.terminal.type("37.25\r")
        #expect(session.terminal.waits(upTo: 60) { _ in session.savedText.contains("37.25") })
        let saved = session.savedText
        session.killAtOnce()

        let other = try #require(TerminalSession([sample], columns: 120, rows: 40, home: session.home))
        #expect(other.terminal.waits(upTo: 120) { !$0.images.isEmpty })
        other.terminal.type("q")
        #expect(other.exitCode() == 0)
        #expect(session.savedText == saved)

        let resumed = try #require(TerminalSession(["--resume"], columns: 120, rows: 40, home: session.home))
        #expect(resumed.terminal.waits(upTo: 120) { $0.text.contains("37.25") })
        resumed.terminal.type("q")
        #expect(resumed.exitCode() == 0)
        let name = URL(fileURLWithPath: sample).lastPathComponent
        let farewell = "Kept 1 edit of \(name); fader --resume goes on from there.\r\n"
        #expect(resumed.terminal.waits { $0.text.hasSuffix(farewell) })
    }

    @Test("Without a saved session, --resume says so and where it looked") func nothingToResume() throws {
        let session = try #require(TerminalSession(["--resume"], columns: 120, rows: 40))
        #expect(session.terminal.waits { $0.text.contains("fader/sessions: ") && $0.text.contains("no session has been saved") })
        #expect(session.exitCode() == 1)
    }

    @Test("--resume takes no picture") func noPicture() throws {
        #expect(try Program.run("--resume", "a.png").code == 2)
    }
}
