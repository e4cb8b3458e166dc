import Foundation

extension String {
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    func leftPadding(to width: Int, with character: Character = " ") -> String {
        String(repeating: character, count: max(0, width - count)) + self
    }

    func trimmingSuffix(while isUnwanted: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, isUnwanted(last) { text.removeLast() }
        return text
    }

    /// In one line that a terminal shows and does not obey: control characters, and what turns the direction of writing around, are written out
    /// as `\u{1B}`.
    var escaped: String { escaping { $0.isUnsafeOnTerminal } }

    /// The same, line by line.
    var escapedLines: String { escaping { $0 != "\n" && $0.isUnsafeOnTerminal } }

    private func escaping(_ isUnsafe: (Unicode.Scalar) -> Bool) -> String {
        guard unicodeScalars.contains(where: isUnsafe) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if isUnsafe(scalar) {
                text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    fileprivate var isUnsafeOnTerminal: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Marks that embed, isolate or override the direction of what follows.
        default: (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
        }
    }
}

extension Float {
    func text(decimals: Int) -> String { String(format: "%.\(decimals)f", Double(self)) }
}
