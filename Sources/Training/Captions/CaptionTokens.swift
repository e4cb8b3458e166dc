import Networks
import Scenes

/// Captions of scenes as the text tower takes them.
struct CaptionTokens {
    private let tokenizer: Tokenizer

    init(_ tokenizer: Tokenizer) {
        self.tokenizer = tokenizer
    }

    /// One caption for each scene, cut to the longest of them: no token sees the padding behind it.
    /// - Parameter first: the index, in the series `seed` of captions, of the first one.
    func callAsFunction(_ scenes: [Scene], seed: UInt64, from first: Int) -> [[Int]] {
        let texts = scenes.enumerated().map { tokenizer($1.caption(seed: seed, index: first + $0)) }
        let longest = texts.map(\.count).max() ?? 0
        return texts.map { Array($0.tokens.prefix(longest)) }
    }
}
