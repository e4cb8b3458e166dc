import Pictures
import Steering
import Terminal
import Testing

@testable import Playground

@Suite("What the mouse holds") struct MouseTests {
    private func session() throws -> ScriptedSession { try .atRest(columns: 120, rows: 40) { $0.graphics = [.sixel, .blocks, .ascii] } }

    /// What comes in the middle of a movement without moving anything on the screen.
    private func meanwhile(_ session: inout ScriptedSession) throws -> [Message] {
        var messages: [Message] = [.display(session.state.display)]
        var display = session.state.display
        display.colors = .full
        display.limitation = "This terminal shows neither sixel nor kitty graphics."
        messages.append(.display(display))
        display.graphics.insert(.kitty, at: 0)
        messages.append(.display(display))
        if let id = session.pendingID("render") {
            let preview = try Picture.plain(9, 9, 9, width: 3, height: 3)
            messages.append(.engine(EngineEvent(id: id, .progress(WorkProgress(.rendering, step: 1, count: 4, preview: preview)))))
            messages.append(.engine(EngineEvent(id: id, .finished(.success(.rendered(try .plain(1, 2, 3), seconds: 0.1))))))
        }
        let times = [Timer.rest, .gesture, .notice, .autosave, .doubleClick].map(Message.timer)
        let icon = session.state.requests.add(.makeIcon(of: 17, fallback: try .plain(0, 0, 0)))
        let groups = session.state.requests.add(.listGroups)
        return messages + times + [
            .engine(EngineEvent(id: icon, .finished(.success(.icon(of: 17, try .plain(200, 0, 0)))))),
            .engine(EngineEvent(id: groups, .finished(.failure(EngineFailure(.listGroups, reason: "It does not work."))))),
            .input(.reply(.ready)), .input(.focus(true)),
        ]
    }

    @Test("A slider is held through pictures, notices, icons and news of the terminal, and is one undo step") func slider() throws {
        var session = try session()
        session.play("right")
        let bar = session.state.layout.bar(ofRow: 0)
        let slider = Slider(Feature.examples[0])
        let knob = slider.column(of: session.value, columns: bar.columns)
        let before = session.value
        session.mouse(.press(.left), column: bar.column + knob, row: bar.row)
        for column in knob + 1...knob + 16 {
            session.mouse(.drag(.left), column: bar.column + column, row: bar.row)
            #expect(session.value == slider.value(at: column, columns: bar.columns))
            for message in try meanwhile(&session) { session.send(message) }
        }
        session.mouse(.release(.left), column: bar.column + knob + 16, row: bar.row)
        session.mouse(.drag(.left), column: bar.column, row: bar.row)
        #expect(session.value == slider.value(at: knob + 16, columns: bar.columns))
        session.play("u")
        #expect(session.value == before)
    }

    @Test("A wipe's divider and the pictures are held just as long") func pictures() throws {
        var session = try session()
        session.play("v")
        let place = try #require(view(session.state).pictures.last).rectangle
        session.mouse(.press(.left), column: place.column, row: place.row)
        for column in 1...16 {
            for message in try meanwhile(&session) { session.send(message) }
            session.mouse(.drag(.left), column: place.column + column, row: place.row)
            #expect(session.state.pictures.comparison.divider == (Double(column) + 0.5) / Double(place.columns))
        }
        session.mouse(.release(.left), column: place.column, row: place.row)
        session.play("v > >")
        let panel = session.state.layout.afterPanel
        session.mouse(.press(.left), column: panel.column + 3, row: panel.row + 3)
        for column in 4...11 {
            for message in try meanwhile(&session) { session.send(message) }
            let before = session.state.pictures.comparison.viewport.x
            session.mouse(.drag(.left), column: panel.column + column, row: panel.row + 3)
            #expect(session.state.pictures.comparison.viewport.x < before)
        }
    }

    @Test("The second of two clicks counts although a frame came between") func doubleClick() throws {
        var session = try session()
        session.play("=20 enter")
        let bar = session.state.layout.bar(ofRow: 0)
        for _ in 0..<2 {
            session.mouse(.press(.left), column: bar.column + 30, row: bar.row)
            session.mouse(.release(.left), column: bar.column + 30, row: bar.row)
            session.send(.display(session.state.display), .input(.reply(.ready)))
        }
        #expect(session.value == 12)
    }

    @Test("It is let go of when the window gets another size, another picture comes, or the button is released under an overlay")
    func letsGo() throws {
        for part in ["resize", "picture", "overlay"] {
            var session = try session()
            let bar = session.state.layout.bar(ofRow: 0)
            session.mouse(.press(.left), column: bar.column, row: bar.row)
            #expect(session.state.isHolding)
            switch part {
            case "resize":
                var display = session.state.display
                display.size.columns = 200
                session.send(.display(display))
            case "picture": session.open(try .example(number: 2), .example)
            default:
                session.play("?")
                session.mouse(.release(.left), column: bar.column, row: bar.row)
                session.play("esc")
            }
            let value = session.value
            session.mouse(.drag(.left), column: bar.column + 9, row: bar.row)
            #expect(!session.state.isHolding && session.value == value)
        }
    }
}
