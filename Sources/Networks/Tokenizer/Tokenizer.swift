import Foundation

/// A text as the text tower takes it.
public struct TokenizedText: Sendable, Equatable {
    /// Start, the text, end, then padding up to the tokenizer's length.
    public let tokens: [Int]
    /// How many of them are not padding.
    public let count: Int
}

/// Cuts texts into the numbered pieces that CLIP's text tower reads.
///
/// Matches transformers' `CLIPTokenizer` with `padding="max_length", truncation=True`.
public struct Tokenizer: Sendable {
    /// The number of tokens in the vocabulary.
    public let vocabularySize: Int
    /// How many tokens every text is cut or padded to.
    public let length: Int
    private let encoder: BytePairEncoder
    private let start, end, padding: Int
    private let rawTokens, normalisedTokens: [WrittenToken]

    /// A special token's number, and how it looks in a text.
    private struct WrittenToken {
        let scalars: [Unicode.Scalar]
        let number: Int
    }

    /// A stretch of text, or a special token that is written out in it.
    private enum Segment {
        case text(String)
        case token(Int)
    }

    /// Reads `vocab.json`, `merges.txt`, `tokenizer_config.json` and, if it is there, `special_tokens_map.json` of a folder; or `tokenizer.json`,
    /// alone or with `tokenizer_config.json`, where there is no `vocab.json`.
    /// - Throws: `TokenizerError` or `NetworkError` when one of them is missing or damaged.
    public init(contentsOf folder: URL) throws {
        func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path) }
        let configuration: TokenizerConfiguration
        let vocabulary: Vocabulary
        if isThere("tokenizer.json") && !isThere("vocab.json") {
            let file = try TokenizerFile(contentsOf: folder.appendingPathComponent("tokenizer.json"))
            let isDescribed = isThere("tokenizer_config.json")
            configuration = isDescribed ? try TokenizerConfiguration(contentsOf: folder, known: file.added) : file.configuration
            vocabulary = file.vocabulary
            encoder = try BytePairEncoder(
                file.merges.enumerated().map { ($0 + 1, $1) }, file: vocabulary.file, vocabulary,
                unknown: vocabulary.number(of: configuration.unknown.content))
        } else {
            configuration = try TokenizerConfiguration(contentsOf: folder)
            vocabulary = try Vocabulary(contentsOf: folder.appendingPathComponent("vocab.json"))
            encoder = try BytePairEncoder(
                merges: folder.appendingPathComponent("merges.txt"), vocabulary,
                unknown: vocabulary.number(of: configuration.unknown.content))
        }
        vocabularySize = vocabulary.count
        length = configuration.length
        start = try vocabulary.number(of: configuration.start.content)
        end = try vocabulary.number(of: configuration.end.content)
        padding = try vocabulary.number(of: configuration.padding.content)
        let special = configuration.specialTokens
        rawTokens = try special.filter { !$0.isNormalised }.map {
            WrittenToken(scalars: Array($0.content.unicodeScalars), number: try vocabulary.number(of: $0.content))
        }
        normalisedTokens = try special.filter(\.isNormalised).map {
            let written = WordSplitter.normalised($0.content)
            return WrittenToken(scalars: Array(written.unicodeScalars), number: try vocabulary.number(of: $0.content))
        }
    }

    public func callAsFunction(_ text: String) -> TokenizedText {
        let tokens = [start] + pieces(text).prefix(length - 2) + [end]
        let rest = [Int](repeating: padding, count: length - tokens.count)
        return TokenizedText(tokens: tokens + rest, count: tokens.count)
    }

    /// The tokens of a whole text, however long.
    private func pieces(_ text: String) -> [Int] {
        segments(text, rawTokens).flatMap { segment -> [Int] in
            guard case .text(let text) = segment else { return numbers(segment) }
            return segments(WordSplitter.normalised(text), normalisedTokens).flatMap(numbers)
        }
    }

    private func numbers(_ segment: Segment) -> [Int] {
        switch segment {
        case .token(let number): [number]
        case .text(let text): WordSplitter.words(text).flatMap { encoder($0) }
        }
    }

    /// Cuts a text at special tokens, at each place the longest.
    private func segments(_ text: String, _ tokens: [WrittenToken]) -> [Segment] {
        let scalars = Array(text.unicodeScalars)
        var segments: [Segment] = []
        var plain = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            let found = tokens.filter { scalars[index...].starts(with: $0.scalars) }.max { $0.scalars.count < $1.scalars.count }
            guard let found else {
                plain.append(scalars[index])
                index += 1
                continue
            }
            segments += [.text(String(plain)), .token(found.number)]
            plain.removeAll()
            index += found.scalars.count
        }
        return segments + [.text(String(plain))]
    }
}
