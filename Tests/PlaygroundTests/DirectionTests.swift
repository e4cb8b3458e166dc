import Steering
import Testing

@testable import Playground

@Suite("Directions between phrases") struct DirectionTests {
    @Test("Two phrases, or one, make an edit whose strength is a slider") func made() throws {
        var session = try ScriptedSession.atRest()
        session.play("w d a y space > space n i g h t enter")
        let definition = Direction.Definition(from: "day", to: "night", count: 200, seed: 0)
        #expect(session.asked.contains(.makeDirection(definition)))
        let direction = Direction(name: "day-night", vector: [1, 0], definition: definition)
        session.answer(.direction(direction))
        #expect(session.state.changes == [Change(target: .direction(direction), amount: 1)])
        #expect(session.state.focus == .edits)
        #expect(session.screen.contains("day-night"))
        session.play("right")
        #expect(session.state.changes == [Change(target: .direction(direction), amount: 1.05)])
        session.play("w night enter")
        #expect(session.asked.contains(.makeDirection(Direction.Definition(to: "night", count: 200, seed: 0))))
    }

    @Test("What leads nowhere is refused", arguments: [">", "day >", "> night", "a > b > c", "space"]) func refused(text: String) throws {
        var session = try ScriptedSession.atRest()
        session.play("w " + text.split(separator: " ").joined(separator: " space ") + " enter")
        #expect(session.effects.isEmpty)
        #expect(session.screen.contains("is not a direction"))
    }

    @Test("A pack that cannot read says so") func noTextTower() throws {
        var session = try ScriptedSession.atRest()
        session.play("w night enter")
        try session.fail("makeDirection", "/packs/demo: the pack has no text tower.")
        #expect(session.screen.contains("no text tower"))
    }
}
