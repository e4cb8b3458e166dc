import Pictures
import Steering
import Terminal
import Testing

@testable import Playground

@Suite("Screens") struct ScreenTests {
    @Test("At rest", arguments: [(80, 23), (80, 24), (120, 40), (200, 60)])
    func atRest(columns: Int, rows: Int) throws {
        let session = try ScriptedSession.atRest(columns: columns, rows: rows)
        try expect(session.screen, isGolden: "at-rest-\(columns)x\(rows)")
    }

    @Test("Before the pack is loaded") func opening() throws {
        var session = ScriptedSession(display: Display(size: GridSize(columns: 80, rows: 24)))
        try session.progress("open", WorkProgress(.loading, step: 1, count: 4))
        try expect(session.screen, isGolden: "opening")
    }

    @Test("A pack that cannot be loaded") func failed() throws {
        var session = ScriptedSession(display: Display(size: GridSize(columns: 80, rows: 24)))
        try session.fail("open", "decoder/unet/config.json: the file cannot be read: there is no such file; is this a pack?")
        try expect(session.screen, isGolden: "failed")
    }

    @Test("Edits of several features while the picture is rendered") func edited() throws {
        var session = try ScriptedSession.atRest()
        session.play("right right down S-right down pgdn down =-2 enter down end down x home x")
        session.send(.timer(.rest))
        session.finishRender(with: try .plain(1, 2, 3))
        if let id = session.pendingID("render") {
            session.progress(id, WorkProgress(.rendering, step: 7, count: 20))
        }
        try expect(session.screen, isGolden: "edited")
    }

    @Test("Typing a value") func typing() throws {
        var session = try ScriptedSession.atRest()
        session.play("down =x*2")
        try expect(session.screen, isGolden: "typing")
    }

    @Test("All features, scrolled to the last") func scrolled() throws {
        var session = try ScriptedSession.atRest()
        session.play("a " + String(repeating: "down ", count: 20))
        try expect(session.screen, isGolden: "scrolled")
    }

    @Test("The help") func help() throws {
        var session = try ScriptedSession.atRest()
        session.play("?")
        try expect(session.screen, isGolden: "help")
        #expect(view(session.state).pictures.isEmpty)
    }

    @Test("The stack with a group, on a wide and on a narrow screen", arguments: [80, 200])
    func grouped(columns: Int) throws {
        var session = try ScriptedSession.atRest(columns: columns, rows: 24)
        session.play("right G evening enter down pgup G evening enter down z down right down right x tab up")
        session.play("right right right")
        try expect(session.screen, isGolden: "grouped-\(columns)x24")
    }

    @Test("The command palette") func palette() throws {
        var session = try ScriptedSession.atRest()
        session.play(": seed down")
        try expect(session.screen, isGolden: "palette")
        #expect(view(session.state).pictures.isEmpty)
    }

    @Test("Searching") func searching() throws {
        var session = try ScriptedSession.atRest()
        session.play("/ tree")
        try expect(session.screen, isGolden: "searching")
    }

    @Test("The pictures on the whole screen, closer, with a seed") func fullScreen() throws {
        var session = try ScriptedSession.atRest()
        session.play("n F > > v")
        try expect(session.screen, isGolden: "full-screen")
        #expect(view(session.state).pictures.count == 1)
    }

    @Test("Without Unicode and colours") func plain() throws {
        var session = try ScriptedSession.atRest {
            $0.isUnicode = false
            $0.colors = .monochrome
        }
        session.play("right right")
        try expect(session.screen, isGolden: "plain")
        #expect(session.screen.unicodeScalars.allSatisfy { $0.isASCII })
    }

    @Test("A window that is too small") func tooSmall() throws {
        var session = try ScriptedSession.atRest()
        session.send(.display(Display(size: GridSize(columns: 60, rows: 20))))
        try expect(session.screen, isGolden: "too-small")
        #expect(view(session.state).pictures.isEmpty)
    }

    @Test("Every size draws, and no picture leaves its frame or touches the last row", arguments: [0, 1, 3, 24, 25, 33, 57, 100])
    func anySize(rows: Int) throws {
        for columns in [0, 1, 2, 40, 79, 80, 81, 119, 167, 300] {
            for cell in [PixelSize(width: 1, height: 1), PixelSize(width: 10, height: 20), PixelSize(width: 30, height: 7)] {
                var session = try ScriptedSession.atRest(columns: columns, rows: rows) { $0.cell = cell }
                for keys in ["", "right tab", "F", "v"] {
                    session.play(keys)
                    expectInside(view(session.state), columns: columns, rows: rows)
                }
            }
        }
    }

    private func expectInside(_ frame: ScreenContent, columns: Int, rows: Int) {
        #expect(frame.canvas.size == GridSize(columns: columns, rows: rows))
        for placed in frame.pictures {
            #expect(!placed.rectangle.isEmpty)
            #expect(placed.rectangle.intersection(frame.canvas.bounds) == placed.rectangle)
            #expect(placed.rectangle.endRow < rows - 2)
        }
    }

    @Test("Pictures beside an overlay stay, and are the same parts of the picture as before") func besideOverlays() throws {
        var session = try ScriptedSession.atRest(columns: 140, rows: 44) { $0.graphics = [.blocks, .ascii] }
        let whole = view(session.state).pictures
        session.play(":")
        let covered = try #require(session.state.overlays.top?.area(in: session.state.layout))
        let parts = view(session.state).pictures
        #expect(!parts.isEmpty && parts != whole)
        for part in parts {
            #expect(part.rectangle.intersection(covered).isEmpty)
            #expect(whole.contains { $0.rectangle == part.whole && $0.rectangle.intersection(part.rectangle) == part.rectangle })
            #expect(part.picture.width <= 24 && part.picture.height <= 24)
        }
        let cells = whole.reduce(0) { $0 + $1.rectangle.columns * $1.rectangle.rows - $1.rectangle.intersection(covered).area }
        #expect(parts.reduce(0) { $0 + $1.rectangle.area } == cells)
        session.play("esc")
        #expect(view(session.state).pictures == whole)
    }

    @Test("The edits have as many rows as they need, up to a third of the screen; the pictures have the rest") func roomForPictures() throws
    {
        var session = try ScriptedSession.atRest(columns: 100, rows: 30)
        let small = try #require(session.state.layout.editPanel)
        session.play(String(repeating: "right down ", count: 12))
        let large = try #require(session.state.layout.editPanel)
        #expect(small.rows >= 3 && large.rows >= small.rows)
        session.play("V V V")
        #expect(session.state.layout.editPanel?.rows == 28 / 3)
        session.play("R")
        #expect(session.state.layout.editPanel?.rows == 3)
    }

    @Test("Without colours, no cell has one") func monochrome() throws {
        var session = try ScriptedSession.atRest { $0.colors = .monochrome }
        session.play("right down x")
        let canvas = view(session.state).canvas
        for row in 0..<24 {
            for column in 0..<80 {
                let style = canvas[column: column, row: row].style
                #expect(style.foreground == .default && style.background == .default)
            }
        }
    }

    @Test(
        "Edits and a message in all colours, in 16 and without",
        arguments: [("256", ColorDepth.palette), ("16", .sixteen), ("none", .monochrome)])
    func styled(name: String, colors: ColorDepth) throws {
        var session = try ScriptedSession.atRest {
            $0.colors = colors
            $0.background = .rgb(0, 0, 0)
        }
        session.play("right down down x right x tab")
        session.send(.exportFailed("house-fader.png: there is no room left on the device."))
        try expect(view(session.state).canvas.styledText, isGolden: "styles-\(name)")
    }

    private func expect(_ screen: String, isGolden name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(screen == (try Golden.screen(name, recording: screen)), sourceLocation: sourceLocation)
    }
}

extension Rectangle {
    fileprivate var area: Int { columns * rows }
}
