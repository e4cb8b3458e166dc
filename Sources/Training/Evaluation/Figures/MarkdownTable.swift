/// A table as Markdown has it.
struct MarkdownTable {
    private let headings: [String]
    private let rows: [[String]]

    init(_ headings: [String], _ rows: [[String]]) {
        self.headings = headings
        self.rows = rows
    }

    var text: String {
        ([headings, headings.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }
}
