/// Byte-pair merges that leave one token of every word of a list (Sennrich, Haddow & Birch, "Neural Machine Translation of Rare Words with
/// Subword Units", 2016): the most frequent pair of neighbours is joined, again and again, until no word has two tokens.
struct WordMerges {
    struct Pair: Hashable {
        let left, right: String
        var joined: String { left + right }
    }

    /// Marks the last token of a word.
    static let endOfWord = "</w>"

    /// In the order in which they were found.
    let pairs: [Pair]

    init(words: [String]) {
        var words = words.map { word in word.dropLast().map(String.init) + word.suffix(1).map { String($0) + Self.endOfWord } }
        var pairs: [Pair] = []
        while let next = Self.mostFrequent(words) {
            pairs.append(next)
            words = words.map { Self.joining(next, in: $0) }
        }
        self.pairs = pairs
    }

    /// Of several equally frequent ones the first in the alphabet, so that the same words give the same merges.
    private static func mostFrequent(_ words: [[String]]) -> Pair? {
        var counts: [Pair: Int] = [:]
        for word in words { for (left, right) in zip(word, word.dropFirst()) { counts[Pair(left: left, right: right), default: 0] += 1 } }
        return counts.max { ($0.value, $1.key.left, $1.key.right) < ($1.value, $0.key.left, $0.key.right) }?.key
    }

    private static func joining(_ pair: Pair, in word: [String]) -> [String] {
        word.reduce(into: []) { joined, token in
            if token == pair.right, joined.last == pair.left { joined[joined.count - 1] = pair.joined } else { joined.append(token) }
        }
    }
}
