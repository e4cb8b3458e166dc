import Pictures
import Steering
import Terminal
import Testing

@testable import Playground

@Suite("Keys and mouse") struct InputTests {
    @Test("q quits where nothing is open, Ctrl-C anywhere") func quits() throws {
        var sessions = [
            ScriptedSession(display: Display(size: GridSize(columns: 80, rows: 24))), try .atRest(), try .atRest(columns: 20, rows: 5),
        ]
        for script in ["right", "space", "F"] {
            var session = try ScriptedSession.atRest()
            session.play(script)
            sessions.append(session)
        }
        for var session in sessions {
            session.play("q")
            #expect(session.effects == [.quit])
        }
        for script in Self.overlays + Self.fields {
            sessions.append(try .atRest())
            sessions[sessions.count - 1].play(script)
        }
        for var session in sessions + [try groups(), try borrowing()] {
            session.play("C-c")
            #expect(session.effects == [.quit])
        }
    }

    private static let overlays = ["?", "=12", "12"]
    private static let fields = [":", "/", "B", "o", "O", "w", "r", "t", "c", "right G", "right T G", ":type-seed enter"]

    private func groups() throws -> ScriptedSession {
        var session = try ScriptedSession.atRest()
        session.play("p")
        session.answer(.listedGroups([FeatureGroup(name: "sky", members: [FeatureGroup.Member(feature: 4, weight: 1)])]))
        return session
    }

    private func borrowing() throws -> ScriptedSession {
        var session = try ScriptedSession.atRest(features: Array(Feature.examples.prefix(3)))
        session.play("O night.png enter")
        session.answer(.lookedAt(name: "night.png", features: Feature.examples))
        return session
    }

    @Test("q and Escape leave what is open, and nothing else happens", arguments: ["q", "esc"]) func leaves(key: String) throws {
        var sessions = [try groups(), try borrowing()]
        for script in Self.overlays {
            sessions.append(try .atRest())
            sessions[sessions.count - 1].play(script)
        }
        for var session in sessions {
            #expect(!session.state.overlays.isEmpty || session.state.valueField != nil)
            let stack = session.state.stack
            session.play(key)
            #expect(session.state.overlays.isEmpty && session.state.valueField == nil)
            #expect(!session.effects.contains(.quit) && session.state.stack == stack)
            session.play("q")
            #expect(session.effects == [.quit])
        }
    }

    @Test("In a text field q is a letter, and Escape leaves the field", arguments: fields) func types(script: String) throws {
        var session = try ScriptedSession.atRest()
        session.play(script)
        session.play("q")
        #expect(!session.effects.contains(.quit))
        #expect(session.state.overlays.top?.typedText == "q", "\(script)")
        session.play("esc")
        #expect(session.state.overlays.isEmpty && !session.effects.contains(.quit))
        session.play("q")
        #expect(session.effects == [.quit])
    }

    @Test("A key that the user chose for quitting leaves what is open, too") func chosenKey() throws {
        var options = Options.example
        options.configuration = Configuration("[keys]\nquit = [\"x\"]\n", name: "config.toml")
        var session = try ScriptedSession.atRest(options: options)
        session.play("=12 x")
        #expect(session.effects.isEmpty && session.state.valueField?.field.text == "12x")
        session.play("esc ? x")
        #expect(session.effects.isEmpty && session.state.overlays.isEmpty)
        session.play("x")
        #expect(session.effects == [.quit])
    }

    @Test("Is asked to stop from outside") func stops() throws {
        var session = try ScriptedSession.atRest()
        session.send(.stop)
        #expect(session.effects == [.quit])
    }

    @Test("A window that is too small takes no key but quit and repaint") func tooSmall() throws {
        var session = try ScriptedSession.atRest(columns: 79, rows: 24)
        let before = session.state
        session.play("right down ? =1 s u space tab g : / o")
        #expect(session.state == before)
        session.mouse(.press(.left), column: 10, row: 2)
        #expect(session.state == before)
        session.play("C-l")
        #expect(session.effects == [.repaint])
    }

    @Test("The focus coming back sends the pictures again, since some terminals lose them meanwhile") func focus() throws {
        var session = try ScriptedSession.atRest()
        session.send(.input(.focus(true)))
        #expect(session.effects == [.resendPictures])
        session.send(.input(.focus(false)))
        #expect(session.effects.isEmpty)
    }

    @Test("Arrows scroll the help to its end and back; any other key closes it and does nothing else") func help() throws {
        var session = try ScriptedSession.atRest()
        session.play("?")
        let first = session.screen
        session.play(String(repeating: "down ", count: 100))
        #expect(session.screen.contains("quit") && session.screen != first)
        session.play("up " + String(repeating: "pgup ", count: 10))
        #expect(session.screen == first)
        session.play("right")
        #expect(session.state.stack.isEmpty)
        session.play("right")
        #expect(!session.state.stack.isEmpty)
    }

    @Test("A click on a name selects, the wheel selects over the list alone") func mouseSelects() throws {
        var session = try ScriptedSession.atRest()
        let title = session.state.layout.title(ofRow: 3)
        session.mouse(.press(.left), column: title.column + 4, row: title.row)
        #expect(session.state.features.list.selected == 99)
        session.mouse(.wheel(.down), column: 4, row: 4)
        #expect(session.state.features.list.selected == 301)
        session.mouse(.wheel(.down), column: 70, row: 4)
        #expect(session.state.features.list.selected == 301)
        #expect(session.state.stack.isEmpty)
    }

    @Test("Clicks anywhere do no harm", arguments: [0, 1, 5, 200]) func anywhere(rows: Int) throws {
        var session = try ScriptedSession.atRest(features: Array(Feature.examples.prefix(2)))
        for column in [-1, 0, 1, 41, 42, 79, 80, 500] {
            for row in [-1, 0, 5, 6, 21, 22, 23, rows] {
                session.mouse(.press(.left), column: column, row: row)
                session.mouse(.drag(.left), column: row, row: column)
                session.mouse(.release(.left), column: column, row: row)
            }
        }
        #expect(session.state.features.list.selected != nil)
    }

    @Test("Without features there is nothing to move") func noFeatures() throws {
        var session = try ScriptedSession.atRest(features: [])
        session.play("down up right =1 enter bksp x home end tab R u U z i S K J D d G")
        session.mouse(.press(.left), column: 3, row: 2)
        #expect(session.state.stack.isEmpty)
        #expect(session.screen.contains("finds no feature"))
    }

    @Test("A terminal that tells more upgrades the pictures; g goes through all ways") func graphics() throws {
        var session = try ScriptedSession.atRest()
        #expect(session.state.graphics == .blocks)
        var display = session.state.display
        display.graphics = [.sixel, .blocks, .ascii]
        session.send(.display(display))
        #expect(session.state.graphics == .sixel)
        session.play("g")
        #expect(session.state.graphics == .blocks)
        display.size.rows = 50
        session.send(.display(display))
        #expect(session.state.graphics == .blocks)
        session.play("g g")
        #expect(session.state.graphics == .sixel)
    }

    @Test("Why there are no pixels is said once") func limitation() throws {
        var session = try ScriptedSession.atRest()
        var display = session.state.display
        display.limitation = "This tmux passes no pictures on."
        session.send(.display(display))
        #expect(session.screen.contains("This tmux passes no pictures on."))
        session.send(.timer(.notice))
        display.size.rows = 30
        session.send(.display(display))
        #expect(!session.screen.contains("This tmux passes no pictures on."))
    }
}
