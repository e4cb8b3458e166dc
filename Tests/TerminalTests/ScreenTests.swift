import Foundation
import Glibc
import TerminalTestSupport
import TestSupport
import Testing

@testable import Terminal

/// A program's side and a terminal's side of one pseudo-terminal.
@MainActor private final class Session {
    let terminal: FakeTerminal
    let screen: Screen
    private let loop: EventLoop
    private var emulator: TerminalEmulator
    private var consumed = 0

    init(
        _ manner: FakeTerminal.Manner = .foot, columns: Int = 80, rows: Int = 24, locale: [String: String] = ["LANG": "C.UTF-8"],
        inTmux client: TmuxClient? = nil
    ) throws {
        terminal = try #require(FakeTerminal(columns: columns, rows: rows, manner: manner))
        let device = try TerminalDevice(path: terminal.path)
        loop = try EventLoop(device: device, wakeUp: WakeUp(), timeouts: .endless)
        screen = try Screen(device, environment: locale.merging(["TERM": "xterm-256color"]) { $1 }, tmux: client, timeouts: .endless)
        emulator = TerminalEmulator(columns: columns, rows: rows)
    }

    /// Lets the screen learn all replies.
    func settle() { learn { $0.isSettled } }

    /// Lets the screen learn replies until it knows something.
    func learn(until isTrue: (Capabilities) -> Bool) {
        loop.expectReplies(for: .seconds(3600))
        for _ in 0..<600 where !isTrue(screen.capabilities) {
            for case .input(.reply(let reply)) in loop.next(within: .milliseconds(100)) { screen.learn(reply) }
        }
    }

    /// Presents a frame, waits until the terminal has all of it, and returns the terminal's screen; counts begin with the frame.
    func present(_ canvas: Canvas, _ images: [PlacedImage] = []) -> TerminalEmulator {
        synchronise()
        emulator.startCounting()
        show(canvas, images)
        synchronise()
        return emulator
    }

    /// Presents a frame until all of it is sent, as a program does whenever its event loop comes back.
    func show(_ canvas: Canvas, _ images: [PlacedImage] = []) {
        while !screen.present(canvas, images: images) {
            for case .input(.reply(let reply)) in loop.next(within: .milliseconds(100)) { screen.learn(reply) }
        }
    }

    func close() -> TerminalEmulator {
        screen.close()
        loop.close()
        _ = terminal.waits { $0.text.contains("\u{1B}[?1004l\u{1B}[5n") }
        take()
        return emulator
    }

    /// The answer to a query says that everything before it has arrived.
    private func synchronise() {
        let mark = Array("\u{1B}[5n".utf8)
        let before = terminal.received.count
        try? screen.device.write(mark)
        _ = terminal.waits { $0.received.count > before && $0.received.suffix(mark.count).elementsEqual(mark) }
        take()
    }

    private func take() {
        let output = terminal.received
        emulator.feed(output[consumed...])
        consumed = output.count
    }
}

extension Timeouts {
    /// For terminals that answer for certain, however busy the machine.
    fileprivate static var endless: Timeouts {
        var timeouts = Timeouts()
        timeouts.escapeAmongReplies = .seconds(3600)
        timeouts.sequence = .seconds(3600)
        timeouts.leaving = .seconds(60)
        timeouts.leavingAnswering = .seconds(60)
        timeouts.answer = .seconds(3600)
        return timeouts
    }
}

/// The modes that a program must not leave on.
private let reported: Set = [1002, 1003, 1004, 1006, 1049, 2004, 2026]

private func canvas(_ text: String = "some text", columns: Int = 80, rows: Int = 24) -> Canvas {
    var canvas = Canvas(columns: columns, rows: rows)
    for row in 0..<rows { canvas.write("\(row) \(text)", column: 0, row: row) }
    return canvas
}

private let place = Rectangle(column: 40, row: 2, columns: 20, rows: 12)

private func image(_ identity: Int, at rectangle: Rectangle = place) throws -> PlacedImage {
    let picture = RasterImage(
        width: rectangle.columns * 10, height: rectangle.rows * 20 / 6 * 6, red: UInt8(identity * 40), green: 100, blue: 200)
    return PlacedImage(rectangle, bytes: try SixelEncoder().encode(picture, quality: .dragging), identity: identity)
}

extension OnTerminal {
    @Suite("Screen") @MainActor struct ScreenTests {
        @Test("The screen shows what the canvas holds") func showsCanvas() throws {
            let session = try Session()
            var canvas = canvas("─ é 漢字 x")
            canvas.write("漢", column: 30, row: 5, style: Style(foreground: .rgb(200, 10, 10), bold: true))
            #expect(session.present(canvas).text == canvas.text)
            canvas.write("e\u{301}", column: 4, row: 5)
            canvas.fill(Rectangle(column: 0, row: 7, columns: 80, rows: 3), with: " ")
            #expect(session.present(canvas).text == canvas.text)
            #expect(session.close().unknown.isEmpty)
        }

        @Test("Capabilities come with the replies, however slow or split", arguments: [(0, false), (3, true)])
        func learnsCapabilities(delay: Int, isSplit: Bool) throws {
            var manner = FakeTerminal.Manner.foot
            manner.delay = Double(delay) / 1000
            manner.isSplit = isSplit
            let session = try Session(manner)
            #expect(!session.screen.capabilities.hasSixel)
            session.settle()
            #expect(session.screen.capabilities.hasSixel)
            #expect(session.screen.capabilities.synchronisedOutput)
            #expect(session.screen.capabilities.version == "foot(1.13.1)")
            _ = session.close()
        }

        @Test("A picture is one string at its place, sent after the text and within one synchronised frame") func drawsPicture() throws {
            let session = try Session()
            session.settle()
            let shown = try session.present(canvas(), [image(1)])
            #expect(shown.pictures.count == 1)
            #expect(shown.pictures.first?.column == place.column)
            #expect(shown.pictures.first?.row == place.row)
            #expect(try shown.pictures.first?.bytes == image(1).parts.first?.bytes)
            #expect(shown.showsPicture(column: 59, row: 13))
            #expect(shown.damage == 0)
            #expect(shown.unsynchronised == 0)
            #expect(!shown.modes.contains(2026))
            #expect(shown.unknown.isEmpty)
            _ = session.close()
        }

        @Test("Synchronised output is not asked of a terminal that lacks it") func respectsMissingSynchronisation() throws {
            let session = try Session(.xterm)
            session.settle()
            let shown = try session.present(canvas(), [image(1)])
            #expect(shown.pictures.count == 1)
            #expect(shown.switches[2026] == nil)
            _ = session.close()
        }

        @Test("A picture is sent again only when it changes or the screen is invalidated") func sendsPicturesOnce() throws {
            let session = try Session()
            _ = try session.present(canvas(), [image(1)])
            #expect(try session.present(canvas("other words"), [image(1)]).pictures.isEmpty)
            #expect(try session.present(canvas(), [image(2)]).pictures.count == 1)
            session.screen.invalidateImages()
            #expect(try session.present(canvas(), [image(2)]).pictures.count == 1)
            session.screen.invalidate()
            let redrawn = try session.present(canvas(), [image(2)])
            #expect(redrawn.pictures.count == 1)
            #expect(redrawn.text.contains("23 some text"))
            _ = session.close()
        }

        @Test("Text around a picture never touches it, however it shrinks and grows") func textSparesPictures() throws {
            let session = try Session()
            let still = Rectangle(column: 30, row: 3, columns: 25, rows: 15)
            _ = try session.present(canvas(), [image(1, at: still)])
            var generator = SeededGenerator(seed: 7)
            for _ in 0..<60 {
                var next = Canvas(columns: 80, rows: 24)
                for row in 0..<24 {
                    next.write(String(repeating: "x", count: .random(in: 0...30, using: &generator)), column: 0, row: row)
                    if Bool.random(using: &generator) {
                        next.write(String(repeating: "y", count: .random(in: 0...25, using: &generator)), column: 55, row: row)
                    }
                }
                let shown = try session.present(next, [image(1, at: still)])
                #expect(shown.unknown.isEmpty)
                #expect(shown.damage == 0)
                #expect(shown.pictures.isEmpty)
                #expect(shown.text == next.text)
            }
            _ = session.close()
        }

        @Test("A list that scrolls beside a picture leaves it where it is") func scrollingSparesPictures() throws {
            let session = try Session()
            let still = Rectangle(column: 30, row: 3, columns: 25, rows: 15)
            for first in [0, 1, 2, 5, 4, 0] {
                var next = Canvas(columns: 80, rows: 24)
                for row in 0..<24 { next.write("line number \(row + first)", column: 0, row: row) }
                let shown = try session.present(next, [image(1, at: still)])
                #expect(shown.unknown.isEmpty)
                #expect(shown.damage == 0)
                #expect(shown.text == next.text)
            }
            _ = session.close()
        }

        @Test("A picture that goes is printed over, and text appears where it was") func erasesPictures() throws {
            let session = try Session()
            _ = try session.present(canvas(), [image(1)])
            var after = canvas()
            after.write("here", column: 45, row: 4)
            let shown = session.present(after)
            #expect(shown.text == after.text)
            for row in 0..<24 { for column in 0..<80 { #expect(!shown.showsPicture(column: column, row: row)) } }
            _ = session.close()
        }

        @Test("A picture that moves leaves nothing behind, and another that it touched is sent again") func movesPictures() throws {
            let session = try Session()
            let other = try image(5, at: Rectangle(column: 50, row: 10, columns: 10, rows: 6))
            _ = try session.present(canvas(), [image(1), other])
            let moved = try image(1, at: Rectangle(column: 20, row: 2, columns: 20, rows: 8))
            let shown = session.present(canvas(), [moved, other])
            #expect(shown.pictures.count == 2)
            #expect(!shown.showsPicture(column: 45, row: 5))
            #expect(shown.showsPicture(column: 55, row: 12))
            #expect(shown.showsPicture(column: 25, row: 5))
            _ = session.close()
        }

        @Test("Pixels of another drawing in the same cells are erased first") func erasesOtherKinds() throws {
            let session = try Session()
            let blocks = BlockEncoder(depth: .full, isUnicode: true)
            let picture = RasterImage(width: 40, height: 40, red: 9, green: 9, blue: 9)
            let shown = session.present(canvas(), [PlacedImage(place, bytes: blocks.encode(picture, in: place), identity: 9)])
            #expect(shown.text.contains("▀"))
            let sixel = try session.present(canvas(), [image(1)])
            #expect(!sixel.text.contains("▀"))
            #expect(sixel.showsPicture(column: 41, row: 3))
            _ = session.close()
        }

        @Test(
            "A picture in the last row or beyond the edge is left out",
            arguments: [(0, 12, 20, 12), (70, 0, 20, 5), (0, -1, 5, 5), (0, 0, 0, 3)])
        func leavesOutMisfits(column: Int, row: Int, columns: Int, rows: Int) throws {
            let session = try Session()
            let misfit = PlacedImage(
                Rectangle(column: column, row: row, columns: columns, rows: rows), bytes: try image(1).parts[0].bytes, identity: 1)
            let shown = session.present(canvas(), [misfit])
            #expect(shown.pictures.isEmpty)
            #expect(shown.text == canvas().text)
            _ = session.close()
        }

        @Test("Everything is cleared for an empty canvas, too") func invalidatesEmptyCanvas() throws {
            let session = try Session()
            _ = session.present(Canvas(columns: 80, rows: 24))
            let before = session.terminal.text.ranges(of: "\u{1B}[2J").count
            session.screen.invalidate()
            _ = session.present(Canvas(columns: 80, rows: 24))
            #expect(session.terminal.text.ranges(of: "\u{1B}[2J").count == before + 1)
            _ = session.close()
        }

        @Test("After a resize everything is drawn in the new size") func resizes() throws {
            let session = try Session()
            _ = try session.present(canvas(), [image(1)])
            session.terminal.resize(columns: 60, rows: 20)
            session.screen.resize()
            #expect(session.screen.size == GridSize(columns: 60, rows: 20))
            let small = canvas("small", columns: 60, rows: 20)
            let shown = try session.present(small, [image(1, at: Rectangle(column: 20, row: 1, columns: 30, rows: 10))])
            #expect(shown.text.hasPrefix(small.text.split(separator: "\n")[0]))
            #expect(shown.pictures.count == 1)
            _ = session.close()
        }

        @Test("A canvas of another size than the screen's is clipped", arguments: [(200, 60), (3, 2), (0, 0)])
        func clipsCanvas(columns: Int, rows: Int) throws {
            let session = try Session()
            let shown = session.present(canvas(columns: columns, rows: rows))
            #expect(shown.unknown.isEmpty)
            _ = session.close()
        }

        @Test("Closing leaves the line settings, the modes and the cursor as they were") func restoresTerminal() throws {
            let terminal = try #require(FakeTerminal(manner: .foot))
            let before = terminal.lineSettings
            let screen = try Screen(TerminalDevice(path: terminal.path), environment: ["TERM": "xterm-256color", "LANG": "C.UTF-8"])
            #expect(terminal.lineSettings != before)
            try screen.present(canvas(), images: [image(1)])
            screen.close()
            #expect(terminal.lineSettings == before)
            #expect(terminal.waits { $0.text.contains("\u{1B}[?1049l") })
            var emulator = TerminalEmulator(columns: 80, rows: 24)
            emulator.feed(terminal.received)
            #expect(emulator.modes.isDisjoint(with: reported) && emulator.modes.contains(25))
            for mode in reported.subtracting([2026]) { #expect(emulator.switches[mode]?.set == 1, "mode \(mode)") }
        }

        @Test("The scrolling region is the whole screen, since a picture that reaches below one would scroll it") func scrollsNothing()
            throws
        {
            let session = try Session(rows: 40)
            session.settle()
            _ = session.present(Canvas(columns: 80, rows: 40))
            let regions = session.terminal.text.matches(of: /\u{1B}\[[0-9;]*r/).map { String($0.output) }
            #expect(regions.last == "\u{1B}[r")
            _ = session.close()
        }

        @Test("Without a mouse no mouse reports are asked for") func respectsNoMouse() throws {
            let terminal = try #require(FakeTerminal(manner: .foot))
            let screen = try Screen(TerminalDevice(path: terminal.path), environment: ["TERM": "xterm-256color"], usesMouse: false)
            screen.close()
            #expect(terminal.waits { $0.text.contains("\u{1B}[?1049l") })
            #expect(!terminal.text.contains("1002h"))
        }

        @Test("Replies that come late do not reach the shell") func drainsReplies() throws {
            var manner = FakeTerminal.Manner.foot
            manner.delay = 0.04
            let terminal = try #require(FakeTerminal(manner: manner))
            let screen = try Screen(
                TerminalDevice(path: terminal.path), environment: ["TERM": "xterm-256color"], timeouts: .endless)
            screen.close()
            #expect(terminal.unread == 0)
        }

        @Test("A terminal that never answers is left all the same") func leavesSilentTerminals() throws {
            let terminal = try #require(FakeTerminal(manner: .silent))
            let before = terminal.lineSettings
            let screen = try Screen(TerminalDevice(path: terminal.path), environment: ["TERM": "xterm-256color"])
            screen.close()
            #expect(terminal.lineSettings == before)
            #expect(terminal.waits { $0.text.contains("\u{1B}[?1049l") })
        }

        @Test("A terminal newer than this machine's terminfo is driven like an xterm", arguments: ["xterm-unheard-of", "ghostty-2"])
        func newTerminalType(type: String) throws {
            let terminal = try #require(FakeTerminal(manner: .foot))
            let screen = try Screen(TerminalDevice(path: terminal.path), environment: ["TERM": type])
            screen.present(canvas())
            screen.close()
            #expect(terminal.waits { $0.text.contains("some text") })
        }

        @Test(
            "A type that nobody knows, and one that cannot place text, are refused in one sentence, and nothing is sent",
            arguments: ["no-such-terminal", "dumb", "unknown", "", "a\u{1B}[2Jb\u{9B}c"])
        func refusesTerminalTypes(type: String) throws {
            let terminal = try #require(FakeTerminal(manner: .foot))
            let before = terminal.lineSettings
            let error = #expect(throws: TerminalError.self) {
                try Screen(TerminalDevice(path: terminal.path), environment: ["TERM": type])
            }
            let sentence = try #require(error).description
            #expect(sentence.hasSuffix(".") && sentence.contains("TERM"))
            #expect(sentence.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
            #expect(terminal.received.isEmpty)
            #expect(terminal.lineSettings == before)
        }

        @Test(
            "Without a locale, characters beyond ASCII appear as soon as the terminal has shown that it knows UTF-8",
            arguments: [
                ("\u{1B}[2;2R", "漢é"), ("\u{1B}[2;3R", "? ?"),
            ])
        func learnsUnicode(answer: String, expected: String) throws {
            var manner = FakeTerminal.Manner.foot
            manner.answers["\u{E9}\u{1B}[6n"] = answer
            let session = try Session(manner, locale: [:])
            var canvas = Canvas(columns: 80, rows: 24)
            canvas.write("漢é", column: 3, row: 3)
            #expect(session.present(canvas).text.contains("   ? ?"))
            session.settle()
            let shown = session.present(canvas)
            #expect(shown.text.split(separator: "\n", omittingEmptySubsequences: false)[3] == "   \(expected)")
            #expect(shown.text.split(separator: "\n").count == 1)
            #expect(session.close().unknown.isEmpty)
        }

        @Test("What the query prints is gone before anything is shown") func erasesQuery() throws {
            let session = try Session()
            #expect(!session.present(Canvas(columns: 80, rows: 24)).text.contains("\u{E9}"))
            _ = session.close()
        }

        @Test("The largest sixel image and the cell are asked for again after a resize") func asksAgain() throws {
            let session = try Session(.xterm)
            session.settle()
            let asked = session.terminal.text.ranges(of: "\u{1B}[?2;1;0S").count
            session.terminal.resize(columns: 200, rows: 60)
            session.screen.resize()
            let questions = ["\u{1B}[?2;1;0S", "\u{1B}[16t", "\u{1B}[14t"]
            #expect(session.terminal.waits { terminal in questions.allSatisfy { terminal.text.ranges(of: $0).count == asked + 1 } })
            session.screen.learn(.graphicsAttribute(item: 2, status: 0, values: [900, 700]))
            #expect(session.screen.capabilities.largestSixel == PixelSize(width: 900, height: 700))
            _ = session.close()
        }

        @Test("Pictures are printed over before the former screen comes back") func erasesBeforeLeaving() throws {
            let session = try Session()
            _ = try session.present(canvas(), [image(1)])
            _ = session.close()
            let text = session.terminal.text
            let leaving = try #require(text.ranges(of: "\u{1B}[?1049l").last)
            var emulator = TerminalEmulator(columns: 80, rows: 24)
            emulator.feed(text[..<leaving.lowerBound].utf8)
            #expect(emulator.pictures.count == 1)
            for row in 0..<24 { for column in 0..<80 { #expect(!emulator.showsPicture(column: column, row: row)) } }
        }

        @Test("A picture that kitty keeps is removed when it is replaced or covered, also after the window had the focus again")
        func removesKittyPictures() throws {
            let session = try Session(.kitty)
            session.settle()
            #expect(session.screen.capabilities.graphics.first == .kitty)
            _ = try session.present(canvas(), [kittyImage(1)])
            session.screen.invalidateImages()
            #expect(try Set(session.present(canvas(), [kittyImage(2)]).kept.keys) == [2])
            session.screen.invalidateImages()
            #expect(session.present(canvas("overlay")).kept.isEmpty)
            _ = try session.present(canvas(), [kittyImage(3)])
            session.screen.invalidateImages()
            session.screen.invalidate()
            #expect(try Set(session.present(canvas(), [kittyImage(4)]).kept.keys) == [4])
            session.screen.invalidateImages()
            #expect(session.close().kept.isEmpty)
        }

        @Test("Inside tmux, a picture is placeholders in the cells and data that goes through; both go with it") func placeholders() throws
        {
            var manner = FakeTerminal.Manner.kitty
            manner.answers["\u{1B}[>0q\u{1B}[?2026$p"] = "\u{1B}P>|tmux 3.3a\u{1B}\\"
            manner.answers["\u{1B}[>0q"] = nil
            manner.answers["\u{1B}[?2026$p"] = nil
            let session = try Session(
                manner, locale: ["LANG": "C.UTF-8", "TMUX": "/tmp/x"], inTmux: TmuxClient(terminal: "kitty(0.35.0)", passesThrough: true))
            session.learn { $0.hasKittyGraphics }
            let capabilities = session.screen.capabilities
            let picture = RasterImage(width: 64, height: 64, red: 9, green: 9, blue: 9)
            func image(_ identity: Int) throws -> PlacedImage {
                let request = ImageEncoder.Request(
                    rectangle: place, graphics: .kitty, isDraft: false, partSize: 300, identity: identity)
                return try ImageEncoder().encode(picture, request, for: capabilities)
            }
            let shown = try session.present(canvas(), [image(7)])
            #expect(shown.unknown.isEmpty)
            #expect(shown.kept[8]?.isVirtual == true)
            #expect(shown.kept[8]?.place.map { $0.columns == place.columns && $0.rows == place.rows } == true)
            // The cell in the third row and the second column.
            #expect(shown.text.contains("\u{10EEEE}\u{30E}\u{30D}"))
            #expect(shown.text.unicodeScalars.count { $0 == "\u{10EEEE}" } == place.columns * place.rows)
            let changed = try session.present(canvas(), [image(8)])
            #expect(Array(changed.kept.keys) == [9])
            #expect(changed.text.unicodeScalars.count { $0 == "\u{10EEEE}" } == place.columns * place.rows)
            let covered = session.present(canvas("overlay"))
            #expect(covered.kept.isEmpty)
            #expect(covered.text == canvas("overlay").text)
            #expect(session.close().unknown.isEmpty)
        }

        private func kittyImage(_ identity: Int) throws -> PlacedImage {
            let request = ImageEncoder.Request(rectangle: place, graphics: .kitty, isDraft: false, identity: identity)
            let picture = RasterImage(width: 64, height: 64, red: 9, green: 9, blue: 9)
            return try ImageEncoder().encode(
                picture, request, for: Capabilities(environment: [:], window: WindowSize(cells: GridSize(columns: 80, rows: 24))))
        }

        @Test("Answers to pictures that are still on their way do not reach the shell either") func drainsAnswersToPictures() throws {
            var manner = FakeTerminal.Manner.foot
            manner.latency = 0.3
            let terminal = try #require(FakeTerminal(manner: manner))
            let screen = try Screen(
                TerminalDevice(path: terminal.path), environment: ["TERM": "xterm-256color"], timeouts: .endless)
            for identity in 1...2 { try screen.present(canvas(), images: [image(identity)]) }
            Thread.sleep(forTimeInterval: 0.2)
            screen.close()
            Thread.sleep(forTimeInterval: 0.5)
            #expect(terminal.unread == 0)
        }

        @Test("What is not a terminal is refused in one sentence", arguments: ["/dev/null", "/no/such/terminal"])
        func refusesFiles(path: String) {
            #expect(throws: TerminalError.self) { try TerminalDevice(path: path) }
        }

        @Test("A crash restores the terminal", arguments: [SIGSEGV, SIGABRT, SIGILL]) func restoresAfterCrash(signal: Int32) async throws {
            let terminal = try #require(FakeTerminal(manner: .foot))
            let before = terminal.lineSettings
            let path = terminal.path
            await #expect(processExitsWith: .signal(signal)) { [path = path as String, signal = signal as Int32] in
                try await MainActor.run {
                    let screen = try Screen(TerminalDevice(path: path), environment: ["TERM": "xterm-256color"])
                    screen.present(Canvas(columns: 80, rows: 24))
                    // `raise` reaches this thread alone, which a task's thread may block for signals that no fault causes.
                    if signal == SIGABRT { abort() } else { raise(signal) }
                }
            }
            #expect(terminal.lineSettings == before)
            #expect(terminal.waits { $0.text.contains("\u{1B}[?1049l\u{1B}[?25h") })
            // The runtime's backtrace would follow, and ask what to do with it.
            #expect(terminal.waits { $0.text.hasSuffix("comes back with --resume.\r\n") }, "\(terminal.text.suffix(100).debugDescription)")
            var emulator = TerminalEmulator(columns: 80, rows: 24)
            emulator.feed(terminal.received)
            #expect(emulator.modes.isDisjoint(with: reported) && emulator.modes.contains(25))
        }

        @Test("Leaving by exit restores the terminal") func restoresAfterExit() async throws {
            let terminal = try #require(FakeTerminal(manner: .foot))
            let before = terminal.lineSettings
            let path = terminal.path
            await #expect(processExitsWith: .exitCode(3)) { [path = path as String] in
                try await MainActor.run {
                    let screen = try Screen(TerminalDevice(path: path), environment: ["TERM": "xterm-256color"])
                    screen.present(Canvas(columns: 80, rows: 24))
                    exit(3)
                }
            }
            #expect(terminal.lineSettings == before)
        }
    }
}
