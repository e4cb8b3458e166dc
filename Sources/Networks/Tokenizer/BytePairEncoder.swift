import Foundation

/// Byte-pair encoding of single words (Sennrich, Haddow & Birch, "Neural Machine Translation of Rare Words with Subword Units", 2016).
///
/// A word begins as its bytes, the last one marked as the word's end; then the pair of neighbours that comes first in `merges.txt` is joined
/// wherever it stands, until no neighbours can be joined.
struct BytePairEncoder {
    private struct Pair: Hashable {
        let left, right: Int
    }

    private struct Merge {
        let rank, result: Int
    }

    static let endOfWord = "</w>"

    private let merges: [Pair: Merge]
    /// The token of each byte inside a word, and at its end.
    private let inner, last: [Int]

    /// Reads `merges.txt`.
    /// - Parameter unknown: the token of a byte that the vocabulary lacks.
    /// - Throws: `TokenizerError` for a line that is not two tokens of the vocabulary whose joint is one too.
    init(merges url: URL, _ vocabulary: Vocabulary, unknown: Int) throws {
        guard let data = try? Data(contentsOf: url) else { throw TokenizerError.unreadable(file: url.path) }
        var pairs: [(line: Int, parts: [String])] = []
        for (index, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let text = String(decoding: line, as: UTF8.self)
            if text.isEmpty || text.hasPrefix("#version") { continue }
            pairs.append((index + 1, text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)))
        }
        try self.init(pairs, file: url.path, vocabulary, unknown: unknown)
    }

    /// - Parameter pairs: the merges, the one that comes first at the start, with the numbers that errors call them by.
    init(_ pairs: [(line: Int, parts: [String])], file: String, _ vocabulary: Vocabulary, unknown: Int) throws {
        inner = ByteAlphabet.characters.map { vocabulary[String($0)] ?? unknown }
        last = ByteAlphabet.characters.map { vocabulary[String($0) + Self.endOfWord] ?? unknown }
        var merges: [Pair: Merge] = [:]
        for (line, parts) in pairs {
            func broken(_ reason: String) -> TokenizerError { .brokenMerge(file: file, line: line, reason: reason) }
            guard parts.count == 2 else { throw broken("it does not hold two tokens with a space between them.") }
            guard let left = vocabulary[parts[0]], let right = vocabulary[parts[1]], let result = vocabulary[parts[0] + parts[1]] else {
                throw broken("the vocabulary lacks one of its tokens or what they join to.")
            }
            merges[Pair(left: left, right: right)] = Merge(rank: line, result: result)
        }
        self.merges = merges
    }

    /// The tokens of one word, given as UTF-8.
    func callAsFunction(_ word: [UInt8]) -> [Int] {
        guard let end = word.last else { return [] }
        var tokens = word.dropLast().map { inner[Int($0)] } + [last[Int(end)]]
        while let next = firstMerge(tokens) { tokens = joined(tokens, next.pair, as: next.result) }
        return tokens
    }

    private func firstMerge(_ tokens: [Int]) -> (pair: Pair, result: Int)? {
        var best: (pair: Pair, merge: Merge)?
        for (left, right) in zip(tokens, tokens.dropFirst()) {
            let pair = Pair(left: left, right: right)
            if let merge = merges[pair], merge.rank < best?.merge.rank ?? .max { best = (pair, merge) }
        }
        return best.map { ($0.pair, $0.merge.result) }
    }

    private func joined(_ tokens: [Int], _ pair: Pair, as result: Int) -> [Int] {
        var joined: [Int] = []
        var index = 0
        while index < tokens.count {
            let isPair = index + 1 < tokens.count && tokens[index] == pair.left && tokens[index + 1] == pair.right
            joined.append(isPair ? result : tokens[index])
            index += isPair ? 2 : 1
        }
        return joined
    }
}
