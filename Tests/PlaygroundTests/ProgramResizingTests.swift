import Foundation
import Synchronization
import TerminalTestSupport
import TestSupport
import Testing

@testable import Playground

extension ProgramTests {
    @Test("After a storm of resizes while pictures are drawn, the screen is as one that had its size from the start") func resizeStorm()
        throws
    {
        let calm = try #require(FakeTerminal(columns: 100, rows: 30))
        #expect(try play(on: calm) { $0.waits { $0.hasPictures } && $0.editsFeature() && $0.isStill() })
        let expected = try #require(calm.screen(columns: 100, rows: 30))
        #expect(expected.pictures.count == 2)

        let stormy = try #require(FakeTerminal(columns: 120, rows: 40))
        let isAsExpected = try play(on: stormy) { terminal in
            guard terminal.waits(until: { $0.hasPictures }) else { return false }
            var random = SeededGenerator(seed: 7)
            for gust in 0..<120 {
                let before = terminal.received.count
                terminal.resizeAndTell(columns: .random(in: 20...220, using: &random), rows: .random(in: 5...70, using: &random))
                terminal.type(gust % 2 == 0 ? "\u{1B}[C" : "\u{1B}[D")
                // Some come while the one before is drawn, some after.
                if gust % 3 == 0 { _ = terminal.waits { $0.received.count > before } }
            }
            terminal.resizeAndTell(columns: 100, rows: 30)
            return terminal.editsFeature() && terminal.waits { $0.screen(columns: 100, rows: 30) == expected }
        }
        #expect(isAsExpected)
    }
}

/// What is to be seen, except for the status line, which tells times.
private struct ScreenContent: Equatable {
    let lines: [Substring]
    /// By the cell of their upper left corner; of several at one place, the last.
    let pictures: [[Int]: [UInt8]]
}

extension FakeTerminal {
    fileprivate var hasPictures: Bool { images.count > 1 }

    /// Sets a feature, and waits for the picture that comes of it.
    fileprivate func editsFeature() -> Bool {
        type("=17\r")
        return waits { terminal in
            guard let screen = terminal.screen(columns: 100, rows: 30) else { return false }
            let text = screen.lines.joined()
            return text.contains("17.00") && text.contains(" after · house.png 1/1 ─") && screen.pictures.count == 2
        }
    }

    /// Waits until a second has brought nothing: the edited picture comes after its number, and once more when the slider rests.
    fileprivate func isStill() -> Bool {
        waits { terminal in
            let before = terminal.received.count
            Thread.sleep(forTimeInterval: 1)
            return terminal.received.count == before
        }
    }

    /// Gives the window another size, and tells this process of it, as the system would if the terminal were its own.
    fileprivate func resizeAndTell(columns: Int, rows: Int) {
        resize(columns: columns, rows: rows)
        kill(getpid(), SIGWINCH)
    }

    /// What the screen shows, or showed before it was erased and left, by what came since it was last cleared to be drawn; nil when that is
    /// not drawn at such a size.
    fileprivate func screen(columns: Int, rows: Int) -> ScreenContent? {
        let bytes = received
        let clear = Array("\u{1B}[2J".utf8)
        let leaving = Array("\u{1B}[0m".utf8) + clear
        let end = bytes.firstRange(of: leaving)?.lowerBound ?? bytes.endIndex
        guard let start = bytes[..<end].indices.last(where: { bytes[$0] == 0x1B && bytes[$0...].starts(with: clear) }) else { return nil }
        var emulator = TerminalEmulator(columns: columns, rows: rows)
        emulator.feed(bytes[start..<end])
        guard emulator.unknown.isEmpty else { return nil }
        let lines = emulator.text.split(separator: "\n", omittingEmptySubsequences: false)
        let pictures = Dictionary(emulator.pictures.map { ([$0.column, $0.row], $0.bytes) }) { $1 }
        return ScreenContent(lines: lines.enumerated().filter { $0.offset != rows - 2 }.map(\.element), pictures: pictures)
    }
}
