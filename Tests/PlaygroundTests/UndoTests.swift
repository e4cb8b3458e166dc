import Steering
import Terminal
import Testing

@testable import Playground

@Suite("Undo") struct UndoTests {
    @Test("A run of steps on one slider is one undo step") func runOfSteps() throws {
        var session = try ScriptedSession.atRest()
        session.play("right right right u")
        #expect(session.state.stack == EditStack())
    }

    @Test("After a moment, the next step is undone by itself") func momentPasses() throws {
        var session = try ScriptedSession.atRest()
        session.play("right right")
        let first = session.state.stack
        session.send(.timer(.gesture))
        session.play("right u")
        #expect(session.state.stack == first)
    }

    @Test("Steps on another slider are another undo step") func otherSlider() throws {
        var session = try ScriptedSession.atRest()
        session.play("right down right u")
        #expect(session.state.stack.features == [17])
    }

    @Test("Dragging a slider is one undo step") func drag() throws {
        var session = try ScriptedSession.atRest()
        let bar = session.state.layout.bar(ofRow: 1)
        session.mouse(.press(.left), column: bar.column + 20, row: bar.row)
        for column in 21...30 { session.mouse(.drag(.left), column: bar.column + column, row: bar.row) }
        session.mouse(.release(.left), column: bar.column + 30, row: bar.row)
        #expect(session.state.features.list.selected == 230)
        #expect(abs(session.value - 30 * 30 / 35) < 1e-4)
        session.play("u")
        #expect(session.state.stack.isEmpty)
        session.play("C-r")
        #expect(abs(session.value - 30 * 30 / 35) < 1e-4)
    }

    @Test("A double click on a slider resets it; two slow clicks do not") func doubleClick() throws {
        var session = try ScriptedSession.atRest()
        let bar = session.state.layout.bar(ofRow: 0)
        func click(_ session: inout ScriptedSession) {
            session.mouse(.press(.left), column: bar.column + 30, row: bar.row)
            session.mouse(.release(.left), column: bar.column + 30, row: bar.row)
        }
        click(&session)
        session.send(.timer(.doubleClick))
        click(&session)
        #expect(session.state.stack.features == [17])
        click(&session)
        #expect(session.state.stack.isEmpty)
    }

    @Test("Taking the knob does not move it, and dragging keeps it under the pointer") func grip() throws {
        var session = try ScriptedSession.atRest()
        let bar = session.state.layout.bar(ofRow: 0)
        let knob = bar.column + Slider(Feature.examples[0]).column(of: 12, columns: bar.columns)
        session.mouse(.press(.left), column: knob + 1, row: bar.row)
        #expect(session.state.stack.isEmpty)
        session.mouse(.drag(.left), column: knob + 3, row: bar.row + 5)
        #expect(Slider(Feature.examples[0]).column(of: session.value, columns: bar.columns) == knob - bar.column + 2)
    }

    @Test("A new change forgets what could be redone, and nothing left to undo is said") func ends() throws {
        var session = try ScriptedSession.atRest()
        session.play("u")
        #expect(session.screen.contains("nothing to undo"))
        session.play("right u left U")
        #expect(session.screen.contains("nothing to redo"))
    }

    @Test("A change that changes nothing is no undo step") func nothing() throws {
        var session = try ScriptedSession.atRest()
        session.play("right down bksp =9.5 enter u")
        #expect(session.state.stack.isEmpty)
    }
}
