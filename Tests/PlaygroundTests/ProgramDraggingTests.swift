import Foundation
import Pictures
import Steering
import Terminal
import TerminalTestSupport
import Testing

@testable import Playground

/// Each movement has brought new pictures, and the terminal's answer to them, before the next one comes.
extension ProgramTests {
    @Test("A slider follows the mouse while pictures and the terminal's answers come") func dragsSlider() throws {
        let terminal = try #require(FakeTerminal(columns: 100, rows: 30))
        let feature = Feature.examples[0]
        let slider = Slider(feature)
        let bar = Layout(display: Display(size: GridSize(columns: 100, rows: 30)), picture: nil).bar(ofRow: 0)
        let knob = slider.column(of: feature.activation, columns: bar.columns)
        let isAsExpected = try play(on: terminal) { terminal in
            var screen = WatchedScreen(terminal, columns: 100, rows: 30)
            terminal.type("C")
            guard screen.waits(until: { $0.pictures.count > 1 }) else { return false }
            terminal.mouse(0, column: bar.column + knob, row: bar.row)
            for column in knob.movements {
                terminal.mouse(32, column: bar.column + column, row: bar.row)
                let value = slider.value(at: column, columns: bar.columns).short
                guard screen.waitsForFrame(until: { $0.text.contains(value) }) else { return false }
            }
            return true
        }
        #expect(isAsExpected)
    }

    @Test("A wipe's divider follows the mouse while pictures and the terminal's answers come") func dragsDivider() throws {
        let terminal = try #require(FakeTerminal(columns: 100, rows: 30))
        let before = try Picture.plain(40, 0, 240, width: 240, height: 240)
        let folder = try temporaryFolder(before)
        defer { try? FileManager.default.removeItem(at: folder) }
        var comparison = Comparison()
        comparison.mode = .wipe
        let display = Display(size: GridSize(columns: 100, rows: 30))
        let room = Layout(display: display, picture: before, comparison: comparison).afterPanel.inset
        let place = Fitting(width: 240, height: 240, in: room, cell: display.cell).rectangle
        let middle = place.columns / 2
        let isAsExpected = try play(on: terminal, folder: folder) { terminal in
            var screen = WatchedScreen(terminal, columns: 100, rows: 30)
            terminal.type("C")
            guard screen.waits(until: { $0.pictures.count > 1 }) else { return false }
            terminal.type("v")
            guard screen.waits(until: { $0.pictures.last?.column == place.column }) else { return false }
            terminal.mouse(0, column: place.column + middle, row: place.row + 1)
            for column in middle.movements {
                terminal.mouse(32, column: place.column + column, row: place.row + 1)
                let share = (Double(column) + 0.5) / Double(place.columns)
                guard screen.waitsForFrame(until: { abs($0.shareOfBefore(from: place.column) - share) < 0.4 / Double(place.columns) })
                else {
                    return false
                }
            }
            return true
        }
        #expect(isAsExpected)
    }

    @Test("The pictures follow the mouse while they and the terminal's answers come") func pans() throws {
        let terminal = try #require(FakeTerminal(columns: 100, rows: 30))
        let before = try Picture(
            width: 240, height: 240, pixels: (0..<240).flatMap { _ in (0..<240).flatMap { [UInt8($0), 80, 80] } })
        let folder = try temporaryFolder(before)
        defer { try? FileManager.default.removeItem(at: folder) }
        let layout = Layout(display: Display(size: GridSize(columns: 100, rows: 30)), picture: before)
        let panel = try #require(layout.beforePanel)
        let start = panel.column + panel.columns / 2
        let isAsExpected = try play(on: terminal, folder: folder) { terminal in
            var screen = WatchedScreen(terminal, columns: 100, rows: 30)
            var viewport = Viewport()
            terminal.type("C")
            guard screen.waits(until: { $0.pictures.count > 1 }) else { return false }
            for _ in 0..<2 {
                terminal.mouse(64, column: start, row: panel.row + 3)
                viewport.zoom(in: true)
            }
            terminal.mouse(0, column: start, row: panel.row + 3)
            var last = start
            for column in start.movements {
                terminal.mouse(32, column: column, row: panel.row + 3)
                viewport.pan(x: Double(last - column) / Double(layout.afterPanel.inset.columns), y: 0)
                last = column
                let red = viewport.part(of: before).meanRed
                guard
                    screen.waitsForFrame(until: {
                        $0.lastMean(from: panel.column, to: panel.endColumn).map { abs($0.red - red) < 1.5 } == true
                    })
                else { return false }
            }
            return true
        }
        #expect(isAsExpected)
    }
}

extension Int {
    /// Sixteen columns that the pointer visits from here, one at a time: to the right and back.
    fileprivate var movements: [Int] { Array(self + 1...self + 8) + (self..<self + 8).reversed() }
}

extension Picture {
    /// The mean red of a picture whose rows are equal.
    fileprivate var meanRed: Double {
        Double(stride(from: 0, to: 3 * width, by: 3).reduce(0) { $0 + Int(pixels[$1]) }) / Double(width)
    }
}

extension FakeTerminal {
    /// Sends a mouse report in SGR form.
    /// - Parameter button: 0 for a press of the left one, 32 for a movement with it held, 64 for the wheel.
    fileprivate func mouse(_ button: Int, column: Int, row: Int) { type("\u{1B}[<\(button);\(column + 1);\(row + 1)M") }
}

/// What a terminal shows, brought up to date whenever more has come.
private struct WatchedScreen {
    private static let frameEnd = Array("\u{1B}[5n".utf8)

    private let terminal: FakeTerminal
    private var emulator: TerminalEmulator
    private var fed = 0
    /// How many frames with pictures have asked for an answer.
    private var frames = 0

    init(_ terminal: FakeTerminal, columns: Int, rows: Int) {
        self.terminal = terminal
        emulator = TerminalEmulator(columns: columns, rows: rows)
    }

    mutating func waits(until isTrue: (TerminalEmulator) -> Bool) -> Bool {
        terminal.waits(upTo: 30) { terminal in
            let bytes = terminal.received
            guard bytes.count > fed else { return isTrue(emulator) }
            frames += bytes[max(0, fed - Self.frameEnd.count + 1)...].ranges(of: Self.frameEnd).count
            emulator.feed(bytes[fed...])
            fed = bytes.count
            return isTrue(emulator)
        }
    }

    /// Waits for a further frame with pictures, and for what it is to show.
    mutating func waitsForFrame(until isTrue: (TerminalEmulator) -> Bool) -> Bool {
        let before = frames
        guard waits(until: isTrue) else { return false }
        return waits { _ in true } && (frames > before || waitsForNextFrame(after: before))
    }

    private mutating func waitsForNextFrame(after before: Int) -> Bool {
        for _ in 0..<3000 where frames == before {
            Thread.sleep(forTimeInterval: 0.01)
            _ = waits { _ in true }
        }
        return frames > before
    }
}

extension TerminalEmulator {
    /// The mean colour of the newest picture that begins in some columns.
    fileprivate func lastMean(from start: Int, to end: Int) -> (red: Double, green: Double, blue: Double)? {
        lastImage(from: start, to: end)?.mean
    }

    /// How much of the newest picture that begins in a column is of the picture before, which is blue.
    fileprivate func shareOfBefore(from column: Int) -> Double {
        guard let image = lastImage(from: column, to: column + 1) else { return .nan }
        let row = image.rgb.prefix(3 * image.width)
        let count = stride(from: 0, to: row.count, by: 3).count { row[$0] < 60 && row[$0 + 2] > 200 }
        return Double(count) / Double(image.width)
    }

    private func lastImage(from start: Int, to end: Int) -> SixelDecoder? {
        pictures.last { (start..<end).contains($0.column) }.flatMap { try? SixelDecoder($0.bytes[...]) }
    }
}
