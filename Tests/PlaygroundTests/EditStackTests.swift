import Steering
import Terminal
import Testing

@testable import Playground

@Suite("The edit stack on the screen") struct EditStackTests {
    /// Features 17, 230 and 4 are edited, the first two in the group "evening"; the list of edits has the focus.
    private func example() throws -> ScriptedSession {
        var session = try ScriptedSession.atRest(columns: 120, rows: 40)
        session.play("=20 enter G evening enter down =15 enter G evening enter down =0 enter tab")
        return session
    }

    private func changes(_ session: ScriptedSession) throws -> [Int: Float] {
        Dictionary(uniqueKeysWithValues: session.state.changes.compactMap { change in change.feature.map { ($0, change.amount) } })
    }

    @Test("Tab leads to the edit of the selected feature, and back") func focus() throws {
        var session = try example()
        #expect(session.state.focus == .edits)
        #expect(session.state.edits.selected.flatMap { session.state.stack.edits(of: $0).first?.feature } == 4)
        session.play("up")
        #expect(session.state.features.list.selected == 230)
        session.play("tab")
        #expect(session.state.focus == .features)
        session.play("R tab")
        #expect(session.state.focus == .features)
        #expect(session.screen.contains("no edits yet"))
    }

    @Test("Left and right weigh the selected edit, a run of them in one undo step") func strength() throws {
        var session = try example()
        session.play("left left S-left")
        #expect(abs((try changes(session)[4] ?? 0) - -8 * 0.65) < 1e-4)
        session.play("u")
        #expect(try changes(session)[4] == -8)
        session.play("end")
        #expect(try changes(session)[4] == -16)
        session.play("home")
        #expect(try changes(session)[4] == nil)
        session.play("bksp")
        #expect(try changes(session)[4] == -8)
    }

    @Test("A strength is typed in percent, and nothing beyond its scale is taken") func typedStrength() throws {
        var session = try example()
        session.play("50 enter")
        #expect(try changes(session)[4] == -4)
        session.play("*3 enter")
        #expect(try changes(session)[4] == -12)
        for wrong in ["201", "=-1", "*2", "x"] {
            session.play("\(wrong == "x" ? "=((" : wrong) enter")
            #expect(session.screen.contains("is not a strength"))
            session.play("esc")
        }
        #expect(try changes(session)[4] == -12)
    }

    @Test("One master slider weighs a group; its switch turns it off and on") func master() throws {
        var session = try example()
        session.play("up up up")
        session.play("50 enter")
        #expect(try changes(session) == [17: 4, 230: 2.75, 4: -8])
        session.play("x")
        #expect(try changes(session) == [4: -8])
        session.play("x")
        #expect(try changes(session) == [17: 4, 230: 2.75, 4: -8])
    }

    @Test("Solo leaves one part alone until it is pressed again, and says so") func solo() throws {
        var session = try example()
        session.play("up S")
        #expect(try changes(session) == [230: 5.5])
        #expect(session.screen.contains("· solo"))
        session.play("S")
        #expect(try changes(session).count == 3)
    }

    @Test("Edits are moved, copied and deleted, and all of it is undone step by step") func arranging() throws {
        var session = try example()
        let start = session.state.stack
        session.play("K")
        #expect(session.state.stack.edits.map(\.feature) == [4, 17, 230])
        session.play("D")
        #expect(session.state.stack.edits.map(\.feature) == [4, 4, 17, 230])
        session.play("d")
        #expect(session.state.stack.edits.map(\.feature) == [4, 17, 230])
        session.play("up S-down del")
        #expect(session.state.stack.edits.map(\.feature) == [17, 230])
        session.play("u u u u u")
        #expect(session.state.stack == start)
    }

    @Test("A group is renamed, and without a name its edits stand by themselves") func groups() throws {
        var session = try example()
        session.play("up up up G C-u dusk enter")
        #expect(session.state.stack.groups.map(\.name) == ["dusk"])
        session.play("G C-u enter")
        #expect(session.state.stack.groups.isEmpty)
        #expect(session.state.stack.edits.map(\.feature) == [17, 230, 4])
    }

    @Test("From the features, the same keys act on the selected feature's edit") func fromFeatures() throws {
        var session = try example()
        session.play("tab up S")
        #expect(try changes(session) == [230: 5.5])
        session.play("S d")
        #expect(session.state.stack.features == [17, 4])
        session.play("down down down d")
        #expect(session.screen.contains("no edit yet"))
    }

    @Test("Soloing an edit that is switched off lets it count, and it alone") func soloOfWhatIsOff() throws {
        var session = try ScriptedSession.atRest()
        session.play("=20 enter x down =1 enter")
        #expect(session.state.changes.map(\.feature) == [230])
        session.play("up S")
        #expect(session.state.changes.map(\.feature) == [17] && session.value == 20)
        session.play("S")
        #expect(session.state.changes.map(\.feature) == [230] && session.value == 12)
    }

    @Test(
        "A slider shows and sets the value that its feature ends with, whatever strengths weigh its edit",
        arguments: ["50 enter", "200 enter", "up up up 50 enter", "x", "home", "up S", "D 150 enter", "up up up x"])
    func sliderIsExact(weighing: String) throws {
        var session = try example()
        session.play(weighing + " tab")
        session.state.features.list.select(4)
        session.play("=3 enter")
        #expect(abs(session.value - 3) < 1e-4)
        session.play("=-6 enter")
        #expect(abs(session.value - -6) < 1e-4)
    }

    @Test("Ablating sets a feature to 0; isolating sets all others, and a second time brings them back") func ablateAndIsolate() throws {
        var session = try ScriptedSession.atRest()
        session.play("down z")
        #expect(session.value == 0)
        session.play("u i")
        let others = Feature.examples.filter { $0.index != 230 }
        #expect(try changes(session) == Dictionary(uniqueKeysWithValues: others.map { ($0.index, -$0.activation) }))
        session.play("up i")
        #expect(try changes(session)[17] == nil)
        #expect(session.state.stack.edits.count == Feature.examples.count - 1)
        session.play("i")
        #expect(session.state.stack.isEmpty)
    }

    @Test("Random values come in a group, inside their sliders, and another time others replace them") func randomise() throws {
        var session = try ScriptedSession.atRest()
        session.play("r C-u 4 enter")
        let first = session.state.stack
        #expect(first.edits.count == 4 && first.groups.map(\.name) == ["random"])
        for edit in first.edits {
            let feature = try #require(edit.feature.flatMap { session.state.features.list[$0] })
            let limit = Slider(feature).limit
            #expect((0...limit).contains(edit.value))
        }
        session.play("r enter")
        #expect(session.state.stack.edits.count == 5 && session.state.stack.groups.count == 1)
        session.play("r C-u 999 enter")
        #expect(session.state.stack.edits.count == Feature.examples.count)
        for wrong in ["0", "-1", "x", ""] {
            session.play("r C-u \(wrong) enter")
            #expect(session.screen.contains("is not a number of features"))
            session.play("esc")
        }
    }

    @Test("Five hundred edits scroll, each with its row, and the request has them all") func fiveHundred() throws {
        let features = (0..<500).map { Feature(index: $0, activation: 1, norm: 1) }
        var session = try ScriptedSession.atRest(columns: 120, rows: 40, features: features)
        session.play("r C-u 500 enter tab")
        #expect(try changes(session).count == 500)
        session.play(String(repeating: "down ", count: 600))
        let last = try #require(session.state.stack.edits.last)
        #expect(session.state.edits.selected == .edit(last.id))
        let feature = try #require(last.feature)
        #expect(session.screen.contains("feature \(feature) "))
        #expect(session.screen.contains("of 501"))
    }

    @Test("The mouse selects an edit, switches it by its mark, and drags its strength in one undo step") func mouse() throws {
        var session = try example()
        let layout = session.state.layout
        let mark = try #require(layout.editMark(ofRow: 2))
        session.mouse(.press(.left), column: mark.column, row: mark.row)
        #expect(session.state.features.list.selected == 230)
        #expect(try changes(session)[230] == nil)
        session.play("u")
        let bar = try #require(layout.strengthBar(ofRow: 2))
        session.mouse(.press(.left), column: bar.column + 10, row: bar.row)
        session.mouse(.drag(.left), column: bar.column + 14, row: bar.row)
        session.mouse(.release(.left), column: bar.column + 14, row: bar.row)
        #expect(try changes(session)[230] == 11)
        session.play("u")
        #expect(try changes(session)[230] == 5.5)
        session.mouse(.wheel(.up), column: bar.column, row: bar.row)
        #expect(session.state.features.list.selected == 17)
        session.mouse(.wheel(.down), column: 4, row: 4)
        #expect(session.state.features.list.selected == 17)
    }
}
