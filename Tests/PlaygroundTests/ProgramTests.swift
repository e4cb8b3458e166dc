import Foundation
import Pictures
import Steering
import Synchronization
import Terminal
import TerminalTestSupport
import Testing

@testable import Playground

@MainActor @Suite("The program on a pseudo-terminal", .serialized) struct ProgramTests {
    @Test("A slider move changes the right picture and leaves the left one") func sliderMove() throws {
        let terminal = try #require(FakeTerminal(columns: 100, rows: 30))
        let isAsExpected = try play(on: terminal) { terminal in
            terminal.type("C")
            guard terminal.waits(until: { $0.images.contains { $0.isOnTheRight } }) else { return false }
            terminal.type("\u{1B}[C\u{1B}[C\u{1B}[C")
            return terminal.waits { $0.images.contains { $0.isOnTheRight && $0.mean.red > 110 } }
        }
        #expect(isAsExpected)
        let left = terminal.images.filter { !$0.isOnTheRight }
        let right = terminal.images.filter(\.isOnTheRight)
        #expect(left.allSatisfy { $0.mean.blue > 100 && $0.mean.red < 60 } && !left.isEmpty)
        #expect(left.allSatisfy { $0.image.rgb == left[0].image.rgb })
        #expect(try #require(right.first).mean.red < 90)
        #expect(try #require(right.last).mean.red > 110)
        #expect(Set(left.map(\.row)) == Set(right.map(\.row)))
    }

    @Test("A terminal without sixel gets half blocks") func blocks() throws {
        let terminal = try #require(FakeTerminal(columns: 80, rows: 24, hasSixel: false))
        let isAsExpected = try play(on: terminal) { terminal in terminal.waits { $0.text.contains("▀") } }
        #expect(isAsExpected)
        #expect(terminal.images.isEmpty)
    }

    @Test("The screen is up while the pack is loaded, and quitting does not wait for it") func quitsWhileLoading() throws {
        let terminal = try #require(FakeTerminal(columns: 80, rows: 24))
        let gate = Gate()
        defer { gate.open() }
        #expect(
            try play(on: terminal, ScriptedEngine(opening: gate)) { terminal in
                terminal.waits { $0.text.contains("loading the pack") }
            })
        #expect(!gate.wasPassed)
    }

    @Test("Quitting does not wait for a step of the engine", arguments: ["q", "\u{3}"]) func quitsWhileRendering(key: String) throws {
        let terminal = try #require(FakeTerminal(columns: 80, rows: 24))
        let gate = Gate()
        defer { gate.open() }
        #expect(
            try play(on: terminal, ScriptedEngine(rendering: gate), quittingBy: key) { terminal in
                terminal.waits { $0.text.contains("rendering") }
            })
        #expect(!gate.wasPassed)
    }

    @Test("The terminal is told to leave every mode that it was told to enter") func leavesModes() throws {
        let terminal = try #require(FakeTerminal(columns: 80, rows: 24))
        _ = try play(on: terminal) { terminal in terminal.waits { !$0.images.isEmpty } }
        #expect(terminal.waits(upTo: 30) { $0.text.contains("\u{1B}[?1049l") })
        for mode in ["1049", "1002", "1003", "1006", "1004", "2004"] {
            let entered = terminal.text.ranges(of: "\u{1B}[?\(mode)h").last?.lowerBound
            let left = terminal.text.ranges(of: "\u{1B}[?\(mode)l").last?.lowerBound
            #expect(try #require(left) > #require(entered), "mode \(mode)")
        }
    }

    @Test("The saved picture is the one on the right, and a second one does not replace it") func exports() throws {
        let terminal = try #require(FakeTerminal(columns: 100, rows: 30))
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let isAsExpected = try play(on: terminal, folder: folder) { terminal in
            guard terminal.waits(until: { $0.images.contains { $0.isOnTheRight } }) else { return false }
            terminal.type("s")
            guard terminal.waits(until: { $0.text.contains("house-fader.png") }) else { return false }
            terminal.type("s")
            let second = folder.appendingPathComponent("house-fader-2.png")
            return terminal.waits { _ in FileManager.default.fileExists(atPath: second.path) }
        }
        #expect(isAsExpected)
        #expect(try Picture(contentsOf: folder.appendingPathComponent("house-fader.png")) == .plain(80, 80, 80))
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["house.png", "house-fader.png", "house-fader-2.png"])
    }

    @Test("The session is saved while it goes on, and opening its file brings it back") func resumes() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("state/session.json")
        let first = try #require(FakeTerminal(columns: 100, rows: 30))
        let result = try play(on: first, folder: folder, sessionFile: file) { terminal in
            guard terminal.waits(until: { $0.images.contains { $0.isOnTheRight } }) else { return false }
            terminal.type("=17\r")
            return terminal.waits { _ in (try? Session(contentsOf: file))?.recipe.edits.map(\.value) == [17] }
        }
        #expect(result)
        let second = try #require(FakeTerminal(columns: 100, rows: 30))
        let resumed = try play(on: second, folder: folder, opening: file) { terminal in terminal.waits { $0.text.contains("17.00") } }
        #expect(resumed)
    }

    @Test("Another picture of the folder is opened, and a recipe after it, by typing") func opensOthers() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try Picture.plain(200, 10, 10).write(toPNG: folder.appendingPathComponent("other.png"))
        let terminal = try #require(FakeTerminal(columns: 100, rows: 30))
        let result = try play(on: terminal, folder: folder) { terminal in
            terminal.type("C")
            guard terminal.waits(until: { $0.images.contains { $0.isOnTheRight } }) else { return false }
            terminal.type("=17\rE")
            guard terminal.waits(until: { $0.text.contains("house-fader.json") }) else { return false }
            terminal.type("]")
            guard terminal.waits(until: { $0.images.contains { !$0.isOnTheRight && $0.mean.red > 150 } }) else { return false }
            terminal.type("o\(folder.path)/house-f\t")
            guard terminal.waits(until: { $0.text.ranges(of: "ader.json").count > 1 }) else { return false }
            terminal.type("\r")
            return terminal.waits { $0.images.last { !$0.isOnTheRight }.map { $0.mean.red < 60 } ?? false }
        }
        #expect(result)
    }

    @Test("A picture that cannot be read is told on the screen") func unreadable() throws {
        let terminal = try #require(FakeTerminal(columns: 80, rows: 24))
        let isAsExpected = try play(on: terminal, folder: URL(fileURLWithPath: "/nowhere")) { terminal in
            terminal.waits { $0.text.contains("such") }
        }
        #expect(isAsExpected)
    }

    /// What another thread saw.
    private final class Observation: Sendable {
        let isAsExpected = Mutex(false)
    }

    /// Runs the program while another thread plays the user, who quits in the end in any case.
    /// - Returns: whether the user saw what they expected.
    func play(
        on terminal: FakeTerminal, _ engine: ScriptedEngine = ScriptedEngine(), quittingBy key: String = "\u{3}", folder: URL? = nil,
        sessionFile: URL? = nil, opening file: URL? = nil, _ user: @escaping @Sendable (FakeTerminal) -> Bool
    ) throws -> Bool {
        let home = try folder ?? temporaryFolder()
        defer { if folder == nil { try? FileManager.default.removeItem(at: home) } }
        let options = Options(
            pack: URL(fileURLWithPath: "/packs/demo"), picture: file ?? home.appendingPathComponent("house.png"), sessionFile: sessionFile)
        let environment = ["TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"]
        let program = try Program(options, engine: engine, device: try TerminalDevice(path: terminal.path), environment: environment)
        let observation = Observation()
        Thread.detachNewThread {
            let isAsExpected = user(terminal)
            observation.isAsExpected.withLock { $0 = isAsExpected }
            terminal.type(key)
        }
        try program.run()
        return observation.isAsExpected.withLock(\.self)
    }

    func temporaryFolder(_ picture: Picture? = nil) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fader-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try (picture ?? .plain(40, 80, 120)).write(toPNG: folder.appendingPathComponent("house.png"))
        return folder
    }
}

extension FakeTerminal.DrawnImage {
    /// Whether it is in the frame of the steered picture: right of the middle of what the list leaves.
    fileprivate var isOnTheRight: Bool { column >= 60 }
}
