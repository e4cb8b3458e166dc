import Foundation

/// Cuts text into what byte-pair encoding takes as words: runs of letters, single digits, runs of anything else, and English contractions.
///
/// Equals transformers' `CLIPTokenizer`: its normaliser (canonical composition, then lower case character by character) and its two
/// splitting patterns; white space only separates.
enum WordSplitter {
    private enum Kind {
        case space, letter, number, other
    }

    private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map(scalars)
    /// Written out in a text in capitals these are no special tokens, but they are kept apart from what stands next to them.
    private static let markers = ["startoftext", "endoftext"].map { (scalars("<|" + $0 + "|>"), ["<|", $0, "|>"]) }

    static func normalised(_ text: String) -> String {
        // Taken apart first: Foundation leaves a Hangul syllable and the final consonant behind it as they are.
        let composed = text.decomposedStringWithCanonicalMapping.precomposedStringWithCanonicalMapping
        return composed.unicodeScalars.reduce(into: "") { $0 += $1.properties.lowercaseMapping }
    }

    /// The words of normalised text, as UTF-8.
    static func words(_ text: String) -> [[UInt8]] {
        let scalars = scalars(text)
        var words: [[UInt8]] = []
        var index = 0
        while index < scalars.count {
            let rest = scalars[index...]
            if let (marker, parts) = markers.first(where: { rest.starts(with: $0.0) }) {
                words += parts.map { Array($0.utf8) }
                index += marker.count
                continue
            }
            let length = contractions.first { rest.starts(with: $0) }?.count ?? runLength(rest)
            if kind(scalars[index]) != .space { words.append(utf8(rest.prefix(length))) }
            index += length
        }
        return words
    }

    /// How many scalars at the start belong together; numbers stand alone.
    private static func runLength(_ scalars: ArraySlice<Unicode.Scalar>) -> Int {
        guard let first = scalars.first.map(kind), first != .number else { return 1 }
        return scalars.prefix { kind($0) == first }.count
    }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind {
        if scalar.properties.isWhitespace { return .space }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
        case .decimalNumber, .letterNumber, .otherNumber: return .number
        default: return .other
        }
    }

    private static func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

    private static func utf8(_ scalars: ArraySlice<Unicode.Scalar>) -> [UInt8] { scalars.flatMap { UTF8.encode($0).map(Array.init) ?? [] } }
}
