extension Unicode.Scalar {
    /// How many columns the scalar takes: 2 for East Asian wide and emoji, 0 for marks that combine, else 1.
    var columns: Int {
        if value < 0x300 { return 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        // The vowels and final consonants of Hangul join the syllable's first letter.
        if (0x1160...0x11FF).contains(value) { return 0 }
        return Self.wide.contains { $0.contains(value) } ? 2 : 1
    }

    /// The ranges of East Asian Width W and F, in the coarse form that terminals agree on.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x2E80...0x303E,
        0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
        0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]
}

extension Character {
    /// How many columns the character takes in a cell: 1 or 2.
    var columns: Int { max(1, unicodeScalars.first?.columns ?? 1) }

    /// The character as every terminal can show it: one spacing scalar with its combining marks.
    ///
    /// Control characters would be obeyed instead of shown and become `�`; of joined emoji, on whose width terminals disagree, the first remains.
    var drawable: Character {
        if let ascii = asciiValue, (0x20..<0x7F).contains(ascii) { return self }
        var kept = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar.isUnprintable { return "\u{FFFD}" }
            if kept.isEmpty {
                kept.append(scalar.columns == 0 ? " " : scalar)
                if scalar.columns > 0 { continue }
            }
            if scalar.columns > 0 { break }
            if scalar.properties.generalCategory != .format, !scalar.properties.isVariationSelector { kept.append(scalar) }
        }
        return String(kept).first ?? " "
    }
}

extension Unicode.Scalar {
    /// Whether a terminal would act on the scalar, or has nothing to draw for it.
    fileprivate var isUnprintable: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
        default: false
        }
    }
}

extension String {
    /// The text as every terminal can show it: nothing in it is obeyed.
    public var drawable: String { String(map(\.drawable)) }

    /// How many columns the text takes on a canvas.
    public var columns: Int { reduce(0) { $0 + $1.drawable.columns } }

    /// The text, cut to a width and ended by `ellipsis` when it does not fit.
    public func truncated(toColumns limit: Int, ellipsis: String = "…") -> String {
        guard columns > limit else { return self }
        let room = limit - ellipsis.columns
        guard room >= 0 else { return "" }
        var result = ""
        var used = 0
        for character in self {
            used += character.drawable.columns
            if used > room { break }
            result.append(character)
        }
        return result + ellipsis
    }
}
