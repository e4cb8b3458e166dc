import TerminalTestSupport

extension FakeTerminal {
    /// The pictures drawn so far, on either side.
    var left: [DrawnImage] { split.left }
    var right: [DrawnImage] { split.right }

    /// Whether the picture after is there and the one before is the same: nothing is edited yet.
    var isUntouched: Bool { right.last.map { $0.image.rgb == left.last?.image.rgb } ?? false }

    private var split: (left: [DrawnImage], right: [DrawnImage]) {
        // Icons are beside the list.
        let all = images.filter { $0.column > 40 }
        let edge = all.map(\.column).min() ?? 0
        return (all.filter { $0.column == edge }, all.filter { $0.column != edge })
    }
}
