import Foundation
import Terminal

/// A canvas with the theme and the characters that suit the terminal.
struct Painter {
    var canvas: Canvas
    let theme: Theme
    let glyphs: Glyphs

    init(_ display: Display, _ configuration: Configuration) {
        canvas = Canvas(columns: display.size.columns, rows: display.size.rows)
        theme = Theme(configuration, colors: display.colors, background: display.background)
        glyphs = display.isUnicode ? .unicode : .ascii
    }

    /// Writes a text, cut with an ellipsis to the columns given.
    /// - Returns: the columns used.
    @discardableResult
    mutating func write(_ text: String, column: Int, row: Int, columns: Int, style: Style = .plain) -> Int {
        canvas.write(
            glyphs.spelled(text).truncated(toColumns: columns, ellipsis: glyphs.ellipsis), column: column, row: row, style: style)
    }

    /// Writes a text that ends before a column.
    mutating func write(_ text: String, endingAt column: Int, row: Int, columns: Int, style: Style = .plain) {
        let text = glyphs.spelled(text).truncated(toColumns: columns, ellipsis: glyphs.ellipsis)
        canvas.write(text, column: column - text.columns, row: row, style: style)
    }

    /// Draws a border with a title in its upper edge.
    mutating func box(_ area: Rectangle, title: String, hasFocus: Bool = false) {
        guard area.columns >= 2, area.rows >= 2 else { return }
        let style = hasFocus ? theme.title : theme.border
        let (right, bottom) = (area.endColumn - 1, area.endRow - 1)
        for row in [area.row, bottom] {
            canvas.fill(
                Rectangle(column: area.column, row: row, columns: area.columns, rows: 1), with: glyphs.horizontal, style: style)
        }
        for column in [area.column, right] {
            canvas.fill(Rectangle(column: column, row: area.row, columns: 1, rows: area.rows), with: glyphs.vertical, style: style)
        }
        put(glyphs.topLeft, column: area.column, row: area.row, style)
        put(glyphs.topRight, column: right, row: area.row, style)
        put(glyphs.bottomLeft, column: area.column, row: bottom, style)
        put(glyphs.bottomRight, column: right, row: bottom, style)
        write(" \(title) ", column: area.column + 2, row: area.row, columns: area.columns - 4, style: theme.title)
    }

    /// Draws a slider's bar: filled from where its values begin to the knob.
    /// - Parameter plain: the columns that the slider is meant for; those beyond are shaded.
    mutating func bar(_ area: Rectangle, from origin: Int = 0, knob: Int, glyph: Character, plain: Range<Int>? = nil) {
        let filled = min(origin, knob)..<max(origin, knob)
        let plain = plain ?? 0..<area.columns
        func cells(_ columns: Range<Int>) -> Rectangle {
            Rectangle(column: area.column + columns.lowerBound, row: area.row, columns: columns.count, rows: 1)
        }
        canvas.fill(area, with: glyphs.shaded, style: theme.track)
        canvas.fill(cells(plain), with: glyphs.track, style: theme.track)
        canvas.fill(cells(filled), with: glyphs.fill, style: theme.off)
        canvas.fill(cells(filled.clamped(to: plain)), with: glyphs.fill, style: theme.fill)
        canvas.write(String(glyph), column: area.column + knob, row: area.row, style: theme.knob)
    }

    /// Writes a sentence over several rows, broken between words.
    mutating func paragraph(_ text: String, in area: Rectangle, style: Style) {
        for (offset, line) in glyphs.spelled(text).lines(ofColumns: area.columns).prefix(area.rows).enumerated() {
            canvas.write(line, column: area.column, row: area.row + offset, style: style, maximumWidth: area.columns)
        }
    }

    private mutating func put(_ glyph: Character, column: Int, row: Int, _ style: Style) {
        canvas.write(String(glyph), column: column, row: row, style: style)
    }
}

extension String {
    /// The text in lines that are at most so wide, broken between words.
    func lines(ofColumns columns: Int) -> [String] {
        var lines: [String] = []
        for word in split(separator: " ").flatMap({ $0.pieces(ofColumns: columns) }) {
            if let last = lines.last, last.columns + 1 + word.columns <= columns {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(word)
            }
        }
        return lines
    }
}

extension Substring {
    /// A word in pieces of at most so many columns.
    fileprivate func pieces(ofColumns columns: Int) -> [String] {
        reduce(into: [""]) { pieces, character in
            let longer = pieces[pieces.count - 1] + String(character)
            if longer.columns <= columns || pieces[pieces.count - 1].isEmpty {
                pieces[pieces.count - 1] = longer
            } else {
                pieces.append(String(character))
            }
        }
    }
}

extension Float {
    /// The value in at most 7 columns.
    var short: String {
        let magnitude = abs(self)
        // Minus zero would show a sign that means nothing.
        if magnitude < 0.005 { return "0.00" }
        if magnitude < 1000 { return String(format: "%.2f", self) }
        return magnitude < 100_000 ? String(format: "%.0f", self) : String(format: "%.1e", self)
    }
}

extension String {
    /// The number moved to the right of a column of numbers.
    var aligned: String { String(repeating: " ", count: max(0, 6 - count)) + self }
}
