import Terminal

/// What a screen says on which the playground does not fit.
extension Painter {
    mutating func drawTooSmall(_ size: GridSize) {
        let need = Layout.minimum
        let lines = [
            "The window is too small.", "have \(size.columns)×\(size.rows)", "need \(need.columns)×\(need.rows)", "press q to quit",
        ]
        let top = max(0, (size.rows - lines.count) / 2)
        for (offset, line) in lines.enumerated() {
            let line = glyphs.spelled(line)
            canvas.write(
                line, column: max(0, (size.columns - line.columns) / 2), row: top + offset, style: offset == 0 ? theme.title : theme.text)
        }
    }
}
