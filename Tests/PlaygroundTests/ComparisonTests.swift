import Pictures
import Steering
import Terminal
import Testing

@testable import Playground

@Suite("Before and after") struct ComparisonTests {
    private let before = [UInt8(40), 80, 120]
    private let after = [UInt8(42), 82, 122]

    /// A session in which both pictures are side by side, and before is the file.
    private func session() throws -> ScriptedSession {
        var session = try ScriptedSession.atRest(columns: 120, rows: 40)
        session.play("C")
        return session
    }

    private func pictures(_ session: ScriptedSession) -> [Picture] { view(session.state).pictures.map(\.picture) }

    /// The colour of a pixel of the only picture.
    private func color(_ session: ScriptedSession, x: Int) throws -> [UInt8] {
        let picture = try #require(pictures(session).last)
        return Array(picture.pixels[3 * x..<3 * x + 3])
    }

    @Test("b shows the picture before in place, and back; nothing is rendered") func toggle() throws {
        var session = try session()
        session.play("b")
        #expect(pictures(session) == [try .plain(40, 80, 120), try .plain(40, 80, 120)])
        session.play("b")
        #expect(pictures(session) == [try .plain(40, 80, 120), try .plain(42, 82, 122)])
        #expect(session.effects.isEmpty)
    }

    @Test("Space shows it for as long as it repeats, the right button for as long as it is held") func peek() throws {
        var session = try session()
        session.play("space space")
        #expect(pictures(session).last == (try .plain(40, 80, 120)))
        #expect(session.effects == [.startTimer(.peek, seconds: 0.7), .startTimer(.peek, seconds: 0.7)])
        session.send(.timer(.peek))
        #expect(pictures(session).last == (try .plain(42, 82, 122)))
        let panel = session.state.layout.afterPanel
        session.mouse(.press(.right), column: panel.column + 3, row: panel.row + 3)
        #expect(pictures(session).last == (try .plain(40, 80, 120)))
        session.mouse(.release(.right), column: 0, row: 0)
        #expect(pictures(session).last == (try .plain(42, 82, 122)))
    }

    @Test("A wipe shows the one left and the other right of a divider that keys and mouse move") func wipe() throws {
        var session = try session()
        session.play("v")
        #expect(pictures(session).count == 1)
        #expect(try color(session, x: 11) == before && color(session, x: 12) == [255, 255, 255] && color(session, x: 13) == after)
        session.play("{ { { { {")
        #expect(try color(session, x: 5) == before && color(session, x: 7) == after)
        session.play(String(repeating: "{ ", count: 30))
        #expect(try color(session, x: 0) == after)
        session.play(String(repeating: "} ", count: 30))
        #expect(try color(session, x: 23) == before)
        let place = try #require(view(session.state).pictures.last).rectangle
        session.mouse(.press(.left), column: place.column + place.columns / 4, row: place.row)
        #expect(try color(session, x: 4) == before && color(session, x: 8) == after)
        session.mouse(.drag(.left), column: place.column - 20, row: place.row)
        #expect(try color(session, x: 0) == after)
    }

    @Test("A difference is amplified, and black where there is none") func difference() throws {
        var session = try session()
        session.play("v v")
        #expect(pictures(session) == [try .plain(8, 8, 8)])
        #expect(session.screen.contains("difference ×4"))
        session.play("m")
        #expect(pictures(session) == [try .plain(0, 0, 0)])
    }

    @Test("A small preview is compared in the size of the picture before") func preview() throws {
        var session = try session()
        session.play("v right")
        let id = try #require(session.pendingID("render"))
        let preview = try Picture.plain(9, 9, 9, width: 3, height: 3)
        session.progress(id, WorkProgress(.rendering, step: 1, count: 4, preview: preview))
        #expect(try color(session, x: 0) == before && color(session, x: 20) == [9, 9, 9])
    }

    @Test("One picture alone, with its name") func alone() throws {
        var session = try session()
        session.play("v v v")
        #expect(pictures(session) == [try .plain(40, 80, 120)] && session.screen.contains("─ before · house.png · file · 24×24 ─"))
        session.play("v")
        #expect(pictures(session) == [try .plain(42, 82, 122)] && session.screen.contains("─ after · house.png · 24×24 ─"))
        session.play("v")
        #expect(pictures(session).count == 2)
    }

    @Test("A marked picture is the new before, until the original is called back") func marking() throws {
        var session = try session()
        session.play("m")
        #expect(pictures(session).first == (try .plain(42, 82, 122)))
        #expect(session.screen.contains("reference"))
        session.play("M")
        #expect(pictures(session).first == (try .plain(40, 80, 120)))
    }

    @Test("Both pictures are looked at as closely and in the same place, inside their edges") func zoom() throws {
        var session = try session()
        session.play("> >")
        #expect(view(session.state).pictures.map(\.picture.width) == [12, 12])
        session.play("C-left C-left C-left C-left C-up C-up C-up C-up")
        let viewports = view(session.state).pictures.map(\.viewport)
        #expect(viewports[0] == viewports[1])
        #expect(viewports[0].x == 0.25 && viewports[0].y == 0.25)
        session.play(String(repeating: "> ", count: 20) + String(repeating: "C-right ", count: 40))
        #expect(view(session.state).pictures.map(\.picture.width) == [3, 3])
        session.play(String(repeating: "< ", count: 20))
        #expect(view(session.state).pictures.map(\.picture.width) == [24, 24])
    }

    @Test("The wheel zooms and the left button pans over the pictures") func mouseZoom() throws {
        var session = try session()
        let room = session.state.layout.afterPanel.inset
        session.mouse(.wheel(.up), column: room.column + 2, row: room.row + 2)
        #expect(session.state.pictures.comparison.viewport.zoom == 1.5)
        session.mouse(.press(.left), column: room.column + 2, row: room.row + 2)
        session.mouse(.drag(.left), column: room.column + 200, row: room.row + 2)
        #expect(abs(session.state.pictures.comparison.viewport.x - 1 / 3) < 1e-9)
    }

    @Test("The whole screen is the pictures', sliders still move, and F leads back") func fullScreen() throws {
        var session = try ScriptedSession.atRest()
        let normal = session.screen
        session.play("F")
        #expect(session.state.layout.pictures.columns == 80)
        #expect(!session.screen.contains("red roof"))
        session.play("tab =20 enter")
        #expect(session.value == 20)
        session.play("u F")
        session.send(.timer(.notice))
        #expect(session.screen == normal)
    }

    @Test("Before is the reconstruction, so that an untouched picture looks untouched, or the file; the title says which") func origin()
        throws
    {
        var session = try ScriptedSession.atRest(columns: 120, rows: 40)
        #expect(pictures(session) == [try .plain(42, 82, 122), try .plain(42, 82, 122)])
        #expect(session.screen.contains("before · reconstruction"))
        session.play("C")
        #expect(pictures(session).first == (try .plain(40, 80, 120)) && session.screen.contains("before · house.png · file"))
        session.play("m C")
        #expect(pictures(session).first == (try .plain(42, 82, 122)) && session.screen.contains("before · reconstruction"))
    }

    @Test("Edits and other settings leave the reconstruction as it was first seen; another picture has its own") func keptOrigin() throws {
        var session = try ScriptedSession.atRest(columns: 120, rows: 40)
        session.play("right t 5 enter")
        #expect(pictures(session).first == (try .plain(42, 82, 122)))
        session.open(try .example(number: 2), .example(named: "tree.png"))
        #expect(pictures(session).first == (try .plain(40, 80, 120)) && session.screen.contains("before · tree.png · file"))
    }

    @Test("The difference's gain goes by the keys of the divider, between 1 and 32") func gain() throws {
        var session = try session()
        session.play("v v }")
        #expect(pictures(session) == [try .plain(16, 16, 16)] && session.screen.contains("difference ×8"))
        session.play("{ { { { {")
        #expect(pictures(session) == [try .plain(2, 2, 2)] && session.screen.contains("difference ×1 "))
        session.play(String(repeating: "} ", count: 9))
        #expect(pictures(session) == [try .plain(64, 64, 64)])
    }

    @Test("A small screen has one large picture, with the one before on hold; a key stacks them or puts them side by side")
    func arrangement() throws {
        var session = try ScriptedSession.atRest()
        #expect(pictures(session).count == 1)
        session.play("C space")
        #expect(pictures(session) == [try .plain(40, 80, 120)])
        session.send(.timer(.peek))
        let large = try #require(view(session.state).pictures.first).rectangle
        session.play("V")
        let columns = view(session.state).pictures.map(\.rectangle)
        #expect(columns.count == 2 && columns[0].row == columns[1].row && columns[0].columns < large.columns)
        session.play("V")
        let rows = view(session.state).pictures.map(\.rectangle)
        #expect(rows.count == 2 && rows[0].endRow < rows[1].row)
        session.play("V V")
        #expect(view(session.state).pictures.map(\.rectangle) == [large])
    }

    @Test("Pictures as wide as they come are stacked, which makes them larger") func stacked() throws {
        var display = Display(size: GridSize(columns: 120, rows: 40))
        let wide = try Picture(width: 400, height: 100, pixels: Array(repeating: 0, count: 120_000))
        let layout = Layout(display: display, picture: wide)
        #expect(layout.beforePanel.map { $0.endRow == layout.afterPanel.row } == true)
        display.size = GridSize(columns: 140, rows: 44)
        let square = Layout(display: display, picture: try .plain(0, 0, 0))
        #expect(square.beforePanel.map { $0.endColumn == square.afterPanel.column } == true)
    }
}
