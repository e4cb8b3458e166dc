import Terminal
import Testing

@testable import Playground

@Suite("Keys by table, actions by name") struct ActionTests {
    @Test("Every action is in the table once, with what it does, and no key does two things") func table() {
        let all = Bindings.standard.all
        let keys = all.flatMap(\.keys)
        #expect(Set(keys).count == keys.count)
        #expect(all.map(\.action).count == Action.all.count && Set(all.map(\.action)) == Set(Action.all))
        #expect(Set(all.map(\.help)).count == all.count)
    }

    @Test("Every key's shown name is short enough for the help, and its plain name is read back") func names() {
        let gestures = Bindings.standard.sections.flatMap(\.gestures).map(\.name)
        for name in Bindings.standard.all.map(\.names) + gestures { #expect(name.columns < HelpText.nameColumns, "\(name)") }
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

    @Test("The help lists every key and what the mouse does, section by section", arguments: [(80, 24), (200, 60)])
    func help(columns: Int, rows: Int) throws {
        var session = try ScriptedSession.atRest(columns: columns, rows: rows)
        session.play("?")
        var seen = session.screen
        for _ in 0..<120 {
            session.play("down")
            seen += session.screen
        }
        #expect(!session.state.overlays.isEmpty)
        for section in Bindings.standard.sections {
            #expect(seen.contains(section.title))
            for binding in section.bindings where !binding.keys.isEmpty {
                #expect(seen.contains(binding.help) && seen.contains(binding.names), "\(binding.help)")
            }
            for gesture in section.gestures { #expect(seen.contains(gesture.help) && seen.contains(gesture.name), "\(gesture.help)") }
        }
    }

    @Test("The palette finds by words and does what is selected") func palette() throws {
        var session = try ScriptedSession.atRest()
        session.play(": difference enter")
        #expect(session.state.overlays.isEmpty)
        #expect(session.state.pictures.comparison.mode == .difference)
        session.play(": q")
        #expect(session.effects.isEmpty)
        session.play("u i t enter")
        #expect(session.effects == [.quit])
    }

    @Test(
        "The palette puts the exact name first, then what begins so, then the rest",
        arguments: [
            ("mark", "mark"), ("group", "group"), ("wipe", "wipe"), ("steps", "steps"), ("new seed", "new-seed"), ("quit", "quit"),
            ("save", "save-group"), ("redraw", "repaint"), ("HELP", "help"),
        ])
    func ranking(typed: String, name: String) throws {
        var session = try ScriptedSession.atRest()
        session.play(":")
        session.send(.input(.paste(typed)))
        let palette = try #require(session.state.overlays.top as? CommandPalette)
        #expect(palette.matches(in: session.state.bindings).first?.action.name == name)
    }

    @Test("A name that no command has runs nothing; Escape closes the palette") func paletteMisses() throws {
        var session = try ScriptedSession.atRest()
        session.play(": zzzz")
        #expect(session.screen.contains("No matching command."))
        session.play("enter down up pgdn")
        #expect(!session.state.overlays.isEmpty)
        session.play("esc")
        #expect(session.state.overlays.isEmpty)
        #expect(session.state.stack.isEmpty)
    }

    /// What a session may be in the middle of when an action is called by its name.
    private static let situations = [
        "", "right tab", "F", "v right", "right u", "right m", "right down right D", "> >", "n", "/ tree enter",
    ]

    @Test("Called by its name, every action does something, and undo takes back what it does to the edits", arguments: Action.all)
    func allActions(_ action: Action) throws {
        var doesSomething = false
        for script in Self.situations {
            var session = try ScriptedSession.atRest(columns: 120, rows: 40)
            session.play(script)
            session.send(.timer(.gesture))
            let before = session.state
            let effects = action.perform(on: &session.state)
            doesSomething = doesSomething || session.state != before || !effects.isEmpty
            let canvas = view(session.state).canvas
            #expect(canvas.size == GridSize(columns: 120, rows: 40) && canvas.text.contains { !$0.isWhitespace }, "after \(script)")
            if session.state.history.work != before.history.work, action != Action(EditAction.undo), action != Action(EditAction.redo) {
                _ = session.state.perform(EditAction.undo)
                #expect(session.state.history.work == before.history.work, "after \(script)")
            }
        }
        #expect(doesSomething)
    }

    @Test("Before there is a picture, no action edits, renders or saves one", arguments: Action.all)
    func allActionsAtFirst(_ action: Action) {
        var session = ScriptedSession(display: Display(size: GridSize(columns: 80, rows: 24)))
        let effects = action.perform(on: &session.state)
        for effect in effects {
            switch effect {
            case .ask, .export, .save: Issue.record("\(effect)")
            default: break
            }
        }
        #expect(session.state.stack.isEmpty)
        #expect(view(session.state).canvas.size == GridSize(columns: 80, rows: 24))
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
            #expect(session.state.features.list.shown(with: session.state.stack).map(\.index) == found, "\(text)")
            if let first = found.first { #expect(found.contains(session.state.features.list.selected ?? -1), "\(text) \(first)") }
            _ = session.screen
            session.play("esc")
            #expect(session.state.features.list.shown(with: session.state.stack).count >= 10)
        }
    }

    @Test("A search stays after Enter; a feature that the picture lacks can be raised") func raisesAbsent() throws {
        var session = try ScriptedSession.atRest()
        session.play("/ 400 enter =5 enter")
        #expect(session.state.changes.map(\.feature) == [400])
        #expect(session.state.changes.map(\.amount) == [5])
        session.play("esc")
        #expect(session.state.features.list.shown(with: session.state.stack).last?.index == 400)
    }

    @Test("Pasted control characters do not get into a text") func pasting() throws {
        var session = try ScriptedSession.atRest()
        session.play("o")
        session.send(.input(.paste("/a\u{1B}[31m\n\tb")))
        session.play("enter")
        #expect(session.effects.contains { if case .ask(_, .analyse(.file(let url))) = $0 { url.path == "/a[31mb" } else { false } })
    }
}
