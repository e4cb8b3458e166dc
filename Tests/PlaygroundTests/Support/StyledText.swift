import Terminal

extension Canvas {
    /// The characters, then a letter for every cell's style, then what the letters mean: what golden files of styles hold.
    var styledText: String {
        var letters: [Style: Character] = [.plain: "."]
        var legend: [String] = []
        let styles = (0..<size.rows).map { row in
            String(
                (0..<size.columns).map { column in
                    let style = self[column: column, row: row].style
                    if let letter = letters[style] { return letter }
                    let letter = Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(legend.count)))
                    letters[style] = letter
                    legend.append("\(letter): \(style.inWords)")
                    return letter
                })
        }
        return ([text] + styles + legend).joined(separator: "\n")
    }
}

extension Style {
    fileprivate var inWords: String {
        let attributes = [(bold, "bold"), (dim, "dim"), (reversed, "reversed"), (underlined, "underlined")].filter(\.0).map(\.1)
        return (["\(foreground) on \(background)"] + attributes).joined(separator: ", ")
    }
}
