import Testing

@testable import Terminal

@Suite("Canvas") struct CanvasTests {
    @Test("Text is clipped at every edge") func clipsText() {
        var canvas = Canvas(columns: 6, rows: 3)
        canvas.write("abcdef", column: -2, row: 0)
        canvas.write("abcdef", column: 3, row: 1)
        canvas.write("never", column: 0, row: 3)
        canvas.write("never", column: 0, row: -1)
        #expect(canvas.text == "cdef\n   abc\n")
    }

    @Test("Text stops at its maximum width, before a wide character that would cross it") func honoursMaximumWidth() {
        var canvas = Canvas(columns: 10, rows: 1)
        let used = canvas.write("ab漢字", column: 0, row: 0, maximumWidth: 5)
        #expect(used == 4)
        #expect(canvas.text == "ab漢")
    }

    @Test("A wide character takes two cells and leaves a blank where only half of it fits") func wideCharacters() {
        var canvas = Canvas(columns: 5, rows: 2)
        canvas.write("漢字漢", column: 0, row: 0)
        canvas.write("漢字", column: -1, row: 1)
        #expect(canvas.text == "漢字\n 字")
        #expect(canvas[column: 1, row: 0].isContinuation)
        #expect(!canvas[column: 4, row: 0].isContinuation)
    }

    @Test("Writing over half of a wide character blanks the other half", arguments: [(0, "x 字"), (1, " x字"), (2, "漢x"), (3, "漢 x")])
    func cutsWideCharacters(column: Int, expected: String) {
        var canvas = Canvas(columns: 4, rows: 1)
        canvas.write("漢字", column: 0, row: 0)
        canvas.write("x", column: column, row: 0)
        #expect(canvas.text == expected)
    }

    @Test("A wide character over two halves of others leaves whole cells") func wideOverWide() {
        var canvas = Canvas(columns: 4, rows: 1)
        canvas.write("漢字", column: 0, row: 0)
        canvas.write("語", column: 1, row: 0)
        #expect(canvas.text == " 語")
        #expect(!canvas[column: 3, row: 0].isContinuation)
    }

    @Test("Combining marks stay with their letter in one cell") func combiningMarks() {
        var canvas = Canvas(columns: 4, rows: 1)
        canvas.write("e\u{301}a", column: 0, row: 0)
        #expect(canvas[column: 0, row: 0].character == "é")
        #expect(canvas[column: 1, row: 0].character == "a")
    }

    @Test("Characters that a terminal would obey are shown as a replacement", arguments: ["\u{1B}", "\n", "\u{9B}", "\u{7F}", "\u{2028}"])
    func controlCharacters(text: String) {
        var canvas = Canvas(columns: 3, rows: 1)
        canvas.write(text + "m", column: 0, row: 0)
        #expect(canvas.text == "\u{FFFD}m")
    }

    @Test("Joined emoji become their first part, two columns wide") func joinedEmoji() {
        var canvas = Canvas(columns: 4, rows: 1)
        canvas.write("👨‍👩‍👧x", column: 0, row: 0)
        #expect(canvas.text == "👨x")
    }

    @Test("Filling is clipped and keeps the style") func fills() {
        let style = Style(background: .indexed(4))
        var canvas = Canvas(columns: 4, rows: 3)
        canvas.fill(Rectangle(column: 2, row: 1, columns: 9, rows: 9), with: "#", style: style)
        #expect(canvas.text == "\n  ##\n  ##")
        #expect(canvas[column: 3, row: 2].style == style)
        #expect(canvas[column: 1, row: 2].style == .plain)
    }

    @Test("Restyling keeps the characters") func restyles() {
        var canvas = Canvas(columns: 4, rows: 1)
        canvas.write("abcd", column: 0, row: 0)
        canvas.restyle(Rectangle(column: 1, row: 0, columns: 2, rows: 5)) { $0.reversed = true }
        #expect(canvas.text == "abcd")
        #expect((0..<4).map { canvas[column: $0, row: 0].style.reversed } == [false, true, true, false])
    }

    @Test("A canvas without cells takes any drawing", arguments: [(0, 0), (-3, 5), (5, 0)])
    func emptyCanvas(columns: Int, rows: Int) {
        var canvas = Canvas(columns: columns, rows: rows)
        canvas.write("漢a", column: 0, row: 0)
        canvas.fill(Rectangle(column: -5, row: -5, columns: 20, rows: 20), with: "#")
        #expect(!canvas.text.contains("a"))
    }

    @Test(
        "Text is cut to a width with an ellipsis",
        arguments: [("short", 5, "short"), ("longer", 5, "long…"), ("漢字漢", 4, "漢…"), ("ab", 1, "…"), ("ab", 0, "")])
    func truncates(text: String, width: Int, expected: String) {
        #expect(text.truncated(toColumns: width) == expected)
    }
}
