import Steering
import Terminal
import Testing

@testable import Playground

@Suite("Panes") struct PaneTests {
    @Test("A pane changes itself, and answers what it wants of the rest") func answers() throws {
        let state = try ScriptedSession.atRest(columns: 120, rows: 40).state
        let bar = state.layout.bar(ofRow: 1)
        var pane = state.features
        let answers = pane.point(MouseEvent(.press(.left), column: bar.endColumn - 1, row: bar.row), state)
        #expect(answers.first == .focus(.features) && answers.last == .effect(SliderGrip.doubleClickTimer))
        guard answers.count == 3, case .edits(let stack, .drag(.feature(230))?) = answers[1] else {
            Issue.record("\(answers)")
            return
        }
        #expect(stack.value(of: 230, from: 9.5) == 30)
        #expect(pane.list.selected == 230 && pane.isHolding)
        #expect(state.stack.isEmpty && state.features.list.selected == 17)
    }

    @Test("Only the pane that holds something hears a drag, wherever the pointer is") func drags() throws {
        var session = try ScriptedSession.atRest(columns: 120, rows: 40)
        session.play("> >")
        let bar = session.state.layout.bar(ofRow: 0)
        let panel = session.state.layout.afterPanel
        let viewport = session.state.pictures.comparison.viewport
        session.mouse(.press(.left), column: bar.column, row: bar.row)
        session.mouse(.drag(.left), column: panel.column + 3, row: panel.row + 3)
        #expect(session.value == 60 && session.state.pictures.comparison.viewport == viewport)
        session.mouse(.release(.left), column: panel.column + 3, row: panel.row + 3)
        session.mouse(.drag(.left), column: bar.column, row: bar.row)
        #expect(session.value == 60)
    }

    @Test("The keys of sliders are those of the list that has the focus") func focus() throws {
        var session = try ScriptedSession.atRest()
        session.play("right tab left")
        let edit = try #require(session.state.stack.edits.first)
        #expect(session.state.stack.edits.count == 1 && edit.strength == 0.95)
        session.play("tab right")
        #expect(session.state.stack.edits.first?.strength == 0.95 && session.state.stack.edits.first?.value != edit.value)
    }
}
