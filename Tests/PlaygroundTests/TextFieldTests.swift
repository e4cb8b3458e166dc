import Terminal
import Testing

@testable import Playground

@Suite("Text fields") struct TextFieldTests {
    @Test(
        "The keys of readline move the cursor and edit",
        arguments: [
            ("left X", "one two threXe"), ("home X", "Xone two three"), ("C-a X", "Xone two three"), ("home end X", "one two threeX"),
            ("C-a C-e X", "one two threeX"), ("A-b X", "one two Xthree"), ("C-left C-left X", "one Xtwo three"),
            ("A-left X", "one two Xthree"), ("home A-f X", "oneX two three"), ("home C-right C-right X", "one twoX three"),
            ("A-b C-u", "three"), ("A-b C-k", "one two "), ("C-w", "one two "), ("C-w C-w X", "one X"), ("home del", "ne two three"),
            ("home C-d", "ne two three"), ("bksp", "one two thre"), ("A-bksp", "one two "), ("home A-d", " two three"),
            ("home left bksp end right del", "one two three"), ("C-b X", "one two threXe"), ("home C-f X", "oXne two three"),
        ])
    func keys(script: String, expected: String) throws {
        var session = try ScriptedSession.atRest()
        session.play("right G")
        session.send(.input(.paste("one two three")))
        session.play(script)
        #expect(session.state.overlays.top?.typedText == expected)
    }

    @Test(
        "The keys work in every text field",
        arguments: [":", "/", "B", "o", "O", "w", "r C-u", "t C-u", "c C-u", "right G", "right T G", ":type-seed enter C-u", "="])
    func everywhere(script: String) throws {
        var session = try ScriptedSession.atRest()
        session.play(script)
        session.play("135 left left 2 C-e 6 home 0")
        #expect(session.state.overlays.top?.typedText == "012356", "\(script)")
        session.play("C-k del C-u")
        #expect(session.state.overlays.top?.typedText == "", "\(script)")
        session.send(.input(.paste("42")))
        #expect(session.state.overlays.top?.typedText == "42", "\(script)")
    }

    @Test("A cluster of scalars is one character: it is stepped over and deleted as a whole")
    func clusters() {
        for cluster in ["é", "e\u{301}", "山", "👩‍👩‍👧", "🇩🇪"] {
            var field = TextField("a\(cluster)b")
            #expect(field.press(KeyPress(.left)) == .unchanged && field.before == "a\(cluster)")
            #expect(field.press(KeyPress(.left)) == .unchanged && field.before == "a")
            #expect(field.press(KeyPress(.delete)) == .changed && field.text == "ab")
        }
    }

    @Test("A long text scrolls so that the cursor shows, and wide characters are never cut") func scrolls() throws {
        let text = String(repeating: "山", count: 30) + "end"
        for place in 0...33 {
            var field = TextField(text)
            _ = field.press(KeyPress(.home))
            for _ in 0..<place { _ = field.press(KeyPress(.right)) }
            var painter = Painter(Display(size: GridSize(columns: 24, rows: 1)), Configuration())
            let used = painter.draw(field, column: 2, row: 0, columns: 11, style: .plain)
            #expect(used == 11)
            let cells = (0..<24).map { painter.canvas[column: $0, row: 0] }
            let cursors = cells.indices.filter { cells[$0].style.reversed }
            #expect(cursors.allSatisfy { (2..<13).contains($0) })
            let under = place < 33 ? Array(text)[place] : " "
            #expect(cursors.first.map { cells[$0].character } == under, "\(place)")
            #expect(cells.prefix(2).allSatisfy { $0.character == " " } && cells.suffix(11).allSatisfy { $0.character == " " })
        }
    }

    @Test("A text that is too long is refused in words") func tooLong() throws {
        var session = try ScriptedSession.atRest()
        session.play(":")
        session.send(.input(.paste(String(repeating: "a", count: 81))))
        #expect(session.state.overlays.top?.typedText == "" && session.screen.contains("at most 80 characters"))
    }

    @Test("No key does harm in an empty field") func empty() {
        var field = TextField()
        for press in [KeyPress(.left), .init(.right), .init(.home), .init(.end), .init(.delete), .init(.backspace)] {
            #expect(field.press(press) == .unchanged)
        }
        for letter in "abefdukw" { #expect(field.press(.character(letter, .control)) == .unchanged) }
        for letter in "bfd" { #expect(field.press(.character(letter, .alt)) == .unchanged) }
        #expect(field.press(KeyPress(.up)) == .passed && field.press(KeyPress(.function(5))) == .passed)
        #expect(field.isEmpty)
    }
}

@Suite("Lists") struct ListSelectionTests {
    @Test("The selection stays inside, and the window follows it as little as it must") func moves() {
        var list = ListSelection()
        for (movement, row, top) in [
            (ListSelection.Movement.rows(-1), 0, 0), (.rows(3), 3, 0), (.rows(2), 5, 1), (.rows(-3), 2, 1), (.pages(1), 7, 3),
            (.last, 19, 15),
            (.pages(1), 19, 15), (.rows(-4), 15, 15), (.first, 0, 0), (.pages(-1), 0, 0),
        ] {
            list.move(movement, count: 20, page: 5)
            list.settle(count: 20, capacity: 5)
            #expect(list.row == row && list.top == top, "\(movement)")
        }
        list.move(.last, count: 20)
        list.settle(count: 3, capacity: 5)
        #expect(list.row == 2 && list.top == 0)
        list.settle(count: 0, capacity: 5)
        #expect(list.row == 0 && list.top == 0)
    }

    @Test("The wheel moves the selection and a click takes it along, inside the rows alone") func mouse() {
        let area = Rectangle(column: 10, row: 4, columns: 20, rows: 5)
        var list = ListSelection()
        list.move(.rows(7), count: 20)
        list.settle(count: 20, capacity: 5)
        #expect(list.top == 3)
        for (kind, column, row, selected) in [
            (MouseEvent.Kind.wheel(.down), 12, 5, 8), (.wheel(.up), 12, 5, 7), (.wheel(.down), 9, 5, 7), (.press(.left), 29, 6, 5),
            (.press(.right), 29, 4, 5), (.press(.left), 29, 9, 5), (.drag(.left), 12, 4, 5),
        ] {
            list.point(MouseEvent(kind, column: column, row: row), in: area, count: 20)
            #expect(list.row == selected, "\(kind)")
        }
        list.point(MouseEvent(.press(.left), column: 12, row: 8), in: area, count: 6)
        #expect(list.row == 5)
    }

    @Test("In the library browser and the palette, the wheel scrolls and a click selects", arguments: ["B", ":"])
    func overlays(script: String) throws {
        var session = try ScriptedSession.atRest()
        session.play(script)
        session.answerQueries()
        let rows = script == "B" ? session.state.layout.browserRows : session.state.layout.paletteRows
        let start = session.screen
        session.mouse(.wheel(.down), column: rows.column + 5, row: rows.row + 3)
        let next = view(session.state)
        session.play("up down")
        #expect(view(session.state).canvas == next.canvas)
        session.mouse(.press(.left), column: rows.column + 5, row: rows.row)
        #expect(session.screen == start)
        #expect(session.state.stack.isEmpty)
    }
}

@Suite("Typed paths") struct TypedPathTests {
    @Test(
        "A path opens as a shell, a file manager or a browser gives it",
        arguments: [
            ("/a/b c.png", "/a/b c.png"), ("  /a/b.png \n", "/a/b.png"), ("'/a/b c.png'", "/a/b c.png"), ("'/a/b c.png' ", "/a/b c.png"),
            ("\"/a/b c.png\"", "/a/b c.png"), ("\"/a/\\\"b\\\".png\"", "/a/\"b\".png"), ("/a/b\\ c\\(1\\).png", "/a/b c(1).png"),
            ("/a/b\\\\c.png", "/a/b\\c.png"), ("/a/b\\c.png", "/a/b\\c.png"), ("file:///a/b%20c.png", "/a/b c.png"),
            ("file://localhost/a/%E5%B1%B1.png", "/a/山.png"), ("FILE:///a/b.png", "/a/b.png"), ("file:///a/100%.png", "/a/100%.png"),
            ("~", "/home/me"), ("~/b.png", "/home/me/b.png"), ("'~/b c.png'", "/home/me/b c.png"), ("'", "'"), ("a'b", "a'b"),
        ])
    func paths(typed: String, path: String) {
        #expect(TypedPath(typed, home: "/home/me").path == path)
    }

    @Test("Pasted paths open pictures and donors") func opens() throws {
        for (keys, isDonor) in [("o", false), ("O", true)] {
            var session = try ScriptedSession.atRest()
            session.play(keys)
            session.send(.input(.paste("'/pictures/my house.png'\n")))
            session.play("enter")
            let paths = session.asked.compactMap { request -> String? in
                switch request {
                case .analyse(.file(let url)): isDonor ? nil : url.path
                case .lookAt(let url): isDonor ? url.path : nil
                default: nil
                }
            }
            #expect(paths == ["/pictures/my house.png"])
        }
    }
}
