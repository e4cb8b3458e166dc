import Terminal
import Testing

@testable import Playground

@Suite("Keys by table, actions by name") struct ActionTests {
    @Test("Every action is in the table once, with what it does, and no key does two things") func table() {
        let all = Bindings.standard.all
        let keys = all.flatMap(\.keys)
        #expect(Set(keys).count == keys.count)
        #expect(all.map(\.action).count == Action.allCases.count && Set(all.map(\.action)) == Set(Action.allCases))
        #expect(Set(all.map(\.help)).count == all.count)
    }

    @Test("Every key's shown name is short enough for the help, and its plain name is read back") func names() {
        for binding in Bindings.standard.all { #expect(binding.names.columns < HelpText.nameColumns, "\(binding.names)") }
        let names = [
            "x": KeyPress.character("x"), "R": .character("R"), "ctrl-r": .character("r", .control), "Ctrl-R": .character("r", .control),
        ]
        for (name, press) in names { #expect(KeyPress(named: name) == press) }
        #expect(KeyPress(named: "shift-left") == KeyPress(.left, .shift))
        #expect(KeyPress(named: "ctrl-alt-pageup") == KeyPress(.pageUp, [.control, .alt]))
        #expect(KeyPress(named: "f12") == KeyPress(.function(12)))
        #expect(KeyPress(named: "-") == .character("-") && KeyPress(named: "ctrl--") == .character("-", .control))
        for wrong in ["", " ", "ctrl-", "f0", "f99", "hyper-x", "xy", "shift", "\n"] { #expect(KeyPress(named: wrong) == nil, "\(wrong)") }
    }

    @Test("The palette finds by words and does what is selected") func palette() throws {
        var session = try ScriptedSession.atRest()
        session.play(": difference enter")
        #expect(session.state.overlay == nil)
        #expect(session.state.comparison.mode == .difference)
        session.play(": q")
        #expect(session.effects.isEmpty)
        session.play("u i t enter")
        #expect(session.effects == [.quit])
    }

    @Test("What nothing is called does nothing; Escape leaves") func paletteMisses() throws {
        var session = try ScriptedSession.atRest()
        session.play(": zzzz")
        #expect(session.screen.contains("nothing is called so"))
        session.play("enter down up pgdn")
        #expect(session.state.overlay != nil)
        session.play("esc")
        #expect(session.state.overlay == nil)
        #expect(session.state.stack.isEmpty)
    }

    @Test("All actions of the palette can be done at any time without harm") func allActions() throws {
        for action in Action.allCases {
            for script in ["", "right tab", "F", "v right"] {
                var session = try ScriptedSession.atRest()
                session.play(script)
                _ = session.state.perform(action)
                _ = view(session.state)
            }
            var session = ScriptedSession(display: Display(size: GridSize(columns: 80, rows: 24)))
            _ = session.state.perform(action)
            _ = view(session.state)
        }
    }

    @Test("In a text, letters are letters: q does not quit, but Ctrl-C does") func letters() throws {
        for script in ["/", "o", ":", "G"] {
            var session = try ScriptedSession.atRest()
            session.play("right \(script) q")
            #expect(!session.effects.contains(.quit), "\(script)")
            session.play("C-c")
            #expect(session.effects == [.quit], "\(script)")
        }
    }

    @Test("Searching narrows the list while it is typed: by words, numbers and bounds") func searching() throws {
        let expected: [(String, [Int])] = [
            ("tree", [8, 76]), ("TREE left", [8]), ("41", [411, 41]), ("9.5", [230]), (">7", [17, 230, 4, 99]), (">4 <7", [301, 55]),
            ("山", [301]), ("feature", [4, 411, 140]), ("400", [400]), ("zzz", []), ("99999", []),
        ]
        for (text, found) in expected {
            var session = try ScriptedSession.atRest()
            session.play("/")
            session.send(.input(.paste(text)))
            #expect(session.state.list.shown(with: session.state.stack).map(\.index) == found, "\(text)")
            if let first = found.first { #expect(found.contains(session.state.list.selected ?? -1), "\(text) \(first)") }
            _ = session.screen
            session.play("esc")
            #expect(session.state.list.shown(with: session.state.stack).count >= 10)
        }
    }

    @Test("A search stays after Enter; a feature that the picture lacks can be raised") func raisesAbsent() throws {
        var session = try ScriptedSession.atRest()
        session.play("/ 400 enter =5 enter")
        #expect(session.requests.last?.changes.map(\.feature) == [400])
        #expect(session.requests.last?.changes.map(\.amount) == [5])
        session.play("esc")
        #expect(session.state.list.shown(with: session.state.stack).last?.index == 400)
    }

    @Test("Pasted control characters do not get into a text") func pasting() throws {
        var session = try ScriptedSession.atRest()
        session.play("o")
        session.send(.input(.paste("/a\u{1B}[31m\n\tb")))
        session.play("enter")
        #expect(session.effects.contains { if case .analyse(let url) = $0 { url.path == "/a[31mb" } else { false } })
    }
}
