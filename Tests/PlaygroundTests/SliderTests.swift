import Steering
import Terminal
import Testing

@testable import Playground

@Suite("Sliders") struct SliderTests {
    @Test("The scale goes to three times the largest activation known") func scale() {
        #expect(Slider(Feature(index: 0, activation: 4, norm: 1, maximum: 10)).limit == 30)
        #expect(Slider(Feature(index: 0, activation: 4, norm: 1)).limit == 12)
        #expect(Slider(Feature(index: 0, activation: 0.1, norm: 1)).limit == 3)
        #expect(Slider(Feature(index: 0, activation: 0.1, norm: 1, maximum: 0)).limit == 3)
    }

    @Test(
        "Keys move the selected slider",
        arguments: [
            ("right", 13.2), ("left", 10.8), ("S-right", 18), ("pgup", 18), ("S-left", 6), ("pgdn", 6), ("home", 0), ("end", 60),
            ("home left", 0), ("end right", 60), ("=-5 enter right", -3.8), ("=-5 enter left", -6.2), ("=90 enter left", 88.8),
            ("=90 enter right", 90),
        ] as [(String, Float)])
    func keys(script: String, expected: Float) throws {
        var session = try ScriptedSession.atRest()
        session.play(script)
        #expect(abs(session.value - expected) < 1e-4)
    }

    @Test(
        "A value can be typed, also as an expression of the value so far",
        arguments: [
            ("7.5", 7.5), ("=7.5", 7.5), ("*2", 24), ("+3", 15), ("=/4", 3), ("-3", -3), ("=x-3", 9), ("=-x", -12), ("=(x+2)*2", 28),
            ("=1+2*3", 7), ("1,5", 1.5), ("=,5", 0.5), ("50%", 6), ("=x+10%", 13.2), ("=x-50%", 6), ("=x*50%", 6), ("=1e2", 100),
            ("=1,5e+1", 15),
            ("=20+10%", 22),
            ("=8/2/2", 2), ("=10-2-3", 5), ("=.5", 0.5),
        ] as [(String, Float)])
    func expressions(typed: String, expected: Float) throws {
        var session = try ScriptedSession.atRest()
        session.play(typed + " enter")
        #expect(session.value == expected)
        #expect(session.state.valueField == nil)
    }

    @Test(
        "What is no value is refused, and typing goes on",
        arguments: ["", "1..2", "1,2.3", "*", "(", "1)", "x x", "1/0", "1e", "e5", "%", "--", "()", "1+"])
    func refused(typed: String) throws {
        var session = try ScriptedSession.atRest()
        session.play("= \(typed) enter")
        #expect(session.value == 12)
        #expect(session.state.valueField != nil)
        #expect(session.screen.contains("is not a value"))
    }

    @Test("A value beyond all activations is refused with its bounds", arguments: ["1e9", "9999999", "-1e7", "x*1e300"])
    func outOfRange(typed: String) throws {
        var session = try ScriptedSession.atRest()
        session.play("= \(typed) enter")
        #expect(session.value == 12)
        #expect(session.screen.contains("out of range"))
    }

    @Test("A character that no value has is refused in words, and the rest stays", arguments: ["k", "²", "€", "_"])
    func refusedCharacters(character: String) throws {
        var session = try ScriptedSession.atRest()
        session.play("=12 \(character)")
        #expect(session.state.valueField?.field.text == "12")
        #expect(session.screen.contains("\"\(character)\" cannot be part of a value"))
        session.play("3 enter")
        #expect(session.value == 123)
    }

    @Test("The field says what Enter will set") func result() throws {
        var session = try ScriptedSession.atRest()
        session.play("=x*2")
        #expect(session.screen.contains("Enter sets 24.00"))
        session.play("*")
        #expect(session.screen.contains("not a value yet"))
    }

    @Test(
        "A strength is a percentage with or without its sign",
        arguments: [("50", 0.5), ("50%", 0.5), ("x-20", 0.8), ("x+20%", 1.2), ("1,5e2", 1.5), ("*50%", 0.5), ("/3*2", 0.67)]
            as [(String, Float)])
    func strengths(typed: String, expected: Float) throws {
        var session = try ScriptedSession.atRest()
        session.play("right tab = \(typed) enter")
        #expect(abs((session.state.stack.edits.first?.strength ?? 0) - expected) < 0.005)
    }

    @Test("Escape leaves the value as it was") func escape() throws {
        var session = try ScriptedSession.atRest()
        session.play("99 esc")
        #expect(session.value == 12)
        #expect(session.state.valueField == nil)
    }

    @Test("A paste is taken whole or refused in words: what is no value, and what is too long") func pasting() throws {
        var session = try ScriptedSession.atRest()
        session.play("=")
        session.send(.input(.paste(" 12.5\n")))
        #expect(session.state.valueField?.field.text == "12.5")
        session.send(.input(.paste("3[31m")))
        #expect(session.state.valueField?.field.text == "12.5" && session.screen.contains("cannot be part of a value"))
        session.send(.input(.paste(String(repeating: "9", count: 100_000))))
        #expect(session.state.valueField?.field.text == "12.5" && session.screen.contains("at most 64 characters"))
    }

    @Test("Deeply nested parentheses are no danger") func nested() {
        #expect(ValueExpression.value(of: String(repeating: "(", count: 20) + "1" + String(repeating: ")", count: 20), x: 0) == 1)
        for deep in ["(", "-"] { #expect(ValueExpression.value(of: String(repeating: deep, count: 200_000) + "1", x: 0) == nil) }
    }

    @Test("Touched features stay listed, also those beyond the strongest ten") func touchedStayListed() throws {
        var session = try ScriptedSession.atRest()
        session.play("a " + String(repeating: "down ", count: 11) + "right a a")
        #expect(session.state.features.list.scope == .strongest)
        session.play(String(repeating: "up ", count: 11))
        #expect(session.state.features.list.shown(with: session.state.stack).map(\.index).suffix(1) == [7])
        #expect(session.state.features.list.shown(with: session.state.stack).count == 11)
    }

    @Test("Among the edited features are only edited ones") func onlyEdited() throws {
        var session = try ScriptedSession.atRest()
        session.play("a a")
        #expect(session.state.features.list.shown(with: session.state.stack).isEmpty)
        #expect(session.screen.contains("No feature is edited."))
        session.play("a down right up a a")
        #expect(session.state.features.list.shown(with: session.state.stack).map(\.index) == [230])
        #expect(session.state.features.list.selected == 230)
    }

    private func inLibrary(_ session: ScriptedSession) -> [Int] {
        session.state.features.list.shown(with: session.state.stack).filter { $0.activation == 0 }.map(\.index)
    }

    @Test("The list fills its height: first what the picture shows, then what the library has most often") func fillsHeight() throws {
        var session = try ScriptedSession.atRest(columns: 120, rows: 40)
        session.answerQueries()
        let shown = session.state.features.list.shown(with: session.state.stack)
        #expect(shown.count == session.state.layout.featureCapacity && shown.count > Feature.examples.count)
        #expect(shown.prefix(12).map(\.index) == Feature.examples.map(\.index))
        #expect(inLibrary(session) == [0, 1, 2, 3, 5, 6])
        #expect(session.screen.contains("thing 0"))
    }

    @Test("All features are all: those that the picture does not show follow by frequency, page by page") func allFeatures() throws {
        var session = try ScriptedSession.atRest()
        #expect(session.state.requests.pending.values.allSatisfy { $0.request.kind != "list" })
        session.play("a")
        session.answerQueries(count: 240)
        for _ in 0..<300 {
            session.play("down")
            session.answerQueries(count: 240)
        }
        let shown = session.state.features.list.shown(with: session.state.stack).map(\.index)
        let active = Feature.examples.map(\.index)
        #expect(shown == active + (0..<240).filter { !active.contains($0) })
        #expect(session.state.features.list.selected == 239 && session.screen.contains("of 513"))
    }

    @Test("Without a library the list is what the picture shows") func noLibrary() throws {
        var session = try ScriptedSession.atRest(columns: 120, rows: 40)
        try session.fail("list", "There is no library.")
        session.play("a down")
        #expect(session.state.notice == nil && inLibrary(session).isEmpty)
        #expect(session.asked.allSatisfy { $0.kind != "list" })
    }

    @Test("A slider that is set below 0 reaches there as far as above, until it is reset") func bipolar() throws {
        var session = try ScriptedSession.atRest(columns: 120, rows: 40)
        let bar = session.state.layout.bar(ofRow: 0)
        session.play("=-6 enter")
        let slider = session.state.features.list.slider(of: Feature.examples[0])
        #expect(slider.start == -60 && slider.limit == 60)
        session.mouse(.press(.left), column: bar.column + 2, row: bar.row)
        #expect(abs(session.value - slider.value(at: 2, columns: bar.columns)) < 1e-3 && session.value < -50)
        session.mouse(.drag(.left), column: bar.endColumn - 1, row: bar.row)
        #expect(session.value == 60)
        session.mouse(.drag(.left), column: bar.column, row: bar.row)
        #expect(session.value == -60)
        session.mouse(.release(.left), column: bar.column, row: bar.row)
        session.play("end home")
        #expect(session.value == -60)
        session.play("bksp home")
        #expect(session.value == 0)
    }

    @Test("Ticks stand at the picture's own and the usual value, and what lies beyond the maximum is shaded and says so") func ticks()
        throws
    {
        let feature = Feature(index: 3, activation: 12, norm: 1, label: "sun", maximum: 20, usual: 9)
        var session = try ScriptedSession.atRest(columns: 120, rows: 40, features: [feature])
        session.play("right right right")
        let bar = session.state.layout.bar(ofRow: 0)
        let slider = Slider(feature)
        let line = Array(session.screen.split(separator: "\n", omittingEmptySubsequences: false)[bar.row])[bar.column..<bar.endColumn].map(
            \.self)
        #expect(line[slider.column(of: 9, columns: bar.columns)] == "┊" && line[slider.column(of: 12, columns: bar.columns)] == "┃")
        let shaded = line.indices.filter { line[$0] == "┄" }
        #expect(!shaded.isEmpty && shaded.allSatisfy { slider.value(at: $0, columns: bar.columns) > 20 })
        #expect(String(line).hasSuffix("beyond max"))
    }

    @Test("The status line says what is dragged and what the pointer is over, in full") func live() throws {
        var session = try ScriptedSession.atRest(columns: 120, rows: 40)
        let bar = session.state.layout.bar(ofRow: 3)
        session.mouse(.move, column: bar.column, row: bar.row)
        #expect(session.screen.contains("a very long label that cannot possibly fit into its column 7.25 · picture 7.25"))
        let first = session.state.layout.bar(ofRow: 0)
        session.mouse(.press(.left), column: first.column, row: first.row)
        session.mouse(.drag(.left), column: first.endColumn - 1, row: first.row)
        #expect(session.screen.contains("sun low over the water 60.00 · picture 12.00 · max 20.00: beyond what the library has seen"))
        session.mouse(.release(.left), column: first.endColumn - 1, row: first.row)
        let strength = try #require(session.state.layout.edit(ofRow: 0))
        session.mouse(.move, column: strength.column + 5, row: strength.row)
        #expect(session.screen.contains("sun low over the water · strength 100 %"))
        session.mouse(.move, column: 0, row: 0)
        #expect(!session.screen.contains("strength 100 %"))
    }

    @Test("Full screen leaves the focus where it was") func focusAfterFullScreen() throws {
        var session = try ScriptedSession.atRest()
        session.play("right tab F")
        #expect(session.state.focus == .edits)
        session.play("F")
        #expect(session.state.focus == .edits)
        session.play("tab F tab F")
        #expect(session.state.focus == .edits)
    }

    @Test("Switched off, an edit has no effect; a movement replaces it") func switchOff() throws {
        var session = try ScriptedSession.atRest()
        session.play("=20 enter x")
        #expect(session.value == 12)
        session.play("x")
        #expect(session.value == 20)
        session.play("x =21 enter")
        #expect(session.value == 21)
        #expect(session.state.stack.edits.count == 1)
    }

    @Test("Backspace resets one slider, R all of them, and both can be undone") func resets() throws {
        var session = try ScriptedSession.atRest()
        session.play("right down right bksp")
        #expect(session.state.stack.features == [17])
        session.play("R")
        #expect(session.state.stack.isEmpty)
        session.play("u u")
        #expect(session.state.stack.features == [17, 230])
    }
}

extension ScriptedSession {
    /// The value of the selected slider.
    var value: Float { state.features.list.selectedFeature.map(state.value) ?? .nan }
}
