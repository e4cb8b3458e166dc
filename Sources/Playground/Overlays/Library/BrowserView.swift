import Foundation
import Steering
import Terminal

/// The library browser: what is typed, and the visible part of the list.
extension Painter {
    private static let numberColumns = 12

    fileprivate mutating func drawBrowser(_ browser: Browser, _ state: State, _ layout: Layout) {
        let frame = layout.browser
        canvas.fill(frame)
        box(frame, title: browser.title, hasFocus: true)
        let area = frame.inset
        let used = write("search: ", column: area.column + 1, row: area.row, columns: area.columns - 3, style: theme.keyName)
        draw(browser.search, column: area.column + 1 + used, row: area.row, columns: area.columns - 2 - used, style: theme.keyName)
        drawHeadings(browser, in: area)
        let rows = layout.browserRows
        for offset in 0..<rows.rows {
            guard let feature = browser[browser.selection.top + offset] else { continue }
            let row = Rectangle(column: rows.column, row: rows.row + offset, columns: rows.columns, rows: 1)
            draw(feature, state, isSelected: browser.selection.top + offset == browser.selection.row, in: row)
        }
        if browser.count == 0 {
            write("No matching feature.", column: area.column + 3, row: area.row + 2, columns: area.columns - 4, style: theme.faint)
        }
    }

    private mutating func drawHeadings(_ browser: Browser, in area: Rectangle) {
        write("feature", column: area.column + 3, row: area.row + 1, columns: 8, style: theme.faint)
        for (place, name) in ["max", "active in", browser.order.measuresCloseness ? "similarity" : ""].enumerated() {
            write(name, endingAt: end(ofNumber: place, in: area), row: area.row + 1, columns: Self.numberColumns, style: theme.faint)
        }
    }

    private mutating func draw(_ feature: ListedFeature, _ state: State, isSelected: Bool, in row: Rectangle) {
        let isEdited = state.stack.features.contains(feature.index)
        if isEdited { canvas.write(String(glyphs.changed), column: row.column + 1, row: row.row, style: theme.changed) }
        write(String(feature.index), column: row.column + 3, row: row.row, columns: 8, style: theme.faint)
        let nameEnd = end(ofNumber: 0, in: row) - Self.numberColumns
        write(
            feature.label ?? "", column: row.column + 12, row: row.row, columns: max(0, nameEnd - row.column - 12), style: theme.text)
        let numbers = [feature.maximum?.short, feature.density.map(Self.share), feature.score?.short]
        for (place, number) in numbers.enumerated() {
            write(number ?? "", endingAt: end(ofNumber: place, in: row), row: row.row, columns: Self.numberColumns, style: theme.faint)
        }
        guard isSelected else { return }
        canvas.restyle(row) { $0 = theme.selection }
        canvas.write(String(glyphs.cursor), column: row.column, row: row.row, style: theme.selection)
    }

    /// The column before which a number ends, counted from the right.
    private func end(ofNumber place: Int, in row: Rectangle) -> Int { row.endColumn - 1 - (2 - place) * Self.numberColumns }

    private static func share(_ density: Float) -> String {
        density >= 0.001 || density == 0 ? String(format: "%.1f %%", 100 * density) : String(format: "%.0e", density)
    }
}

extension Browser {
    func area(in layout: Layout) -> Rectangle? { layout.browser }

    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) { painter.drawBrowser(self, state, layout) }

    func hints(in state: State) -> [KeyHint] { [("↑ ↓", "select"), ("Enter", "add"), ("Tab", "sort"), ("Esc", "close")] }

    fileprivate var title: String {
        let number = count.map { $0 == 1 ? "1 feature" : "\($0) features" } ?? "searching"
        return "library · \(number) · \(order.inWords(feature))"
    }
}

extension FeatureQuery.Order {
    fileprivate var measuresCloseness: Bool { self == .likeness || self == .meaning }

    fileprivate func inWords(_ feature: Int?) -> String {
        switch self {
        case .density: "sorted by frequency"
        case .maximum: "sorted by max"
        case .index: "sorted by number"
        case .likeness: "similar to feature \(feature ?? 0)"
        case .meaning: "sorted by meaning"
        }
    }
}
