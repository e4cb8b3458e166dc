/// Columns of text as wide as their longest cell, numbers to the right.
struct TextTable {
    let head: [String]
    /// Whether each column holds numbers.
    let isNumber: [Bool]

    /// The head and the rows, one to a line.
    func text(_ rows: [[String]]) -> String {
        let lines = [head] + rows.map { $0.map(\.escaped) }
        let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = line.indices.map { isNumber[$0] ? line[$0].leftPadding(to: widths[$0]) : line[$0].padding(to: widths[$0]) }
            return cells.joined(separator: "  ").trimmingSuffix(while: \.isWhitespace)
        }.joined(separator: "\n")
    }
}
