import Foundation
import Networks
import Scenes
import Testing

@testable import Training

@Suite("The drawn world's tokenizer") struct CaptionTokenTests {
    private func withTokenizer(_ body: (Tokenizer) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try WorldTokenizer.shared.write(to: folder)
            try body(Tokenizer(contentsOf: folder))
        }
    }

    @Test("Merges join the most frequent neighbours first, and of equally frequent ones the first in the alphabet") func merges() {
        let merges = WordMerges(words: ["low", "lower", "low"])
        #expect(merges.pairs.prefix(2).map(\.joined) == ["lo", "low</w>"])
        #expect(merges.pairs.last?.joined == "lower</w>")
        #expect(WordMerges(words: []).pairs.isEmpty)
        #expect(WordMerges(words: ["a"]).pairs.isEmpty)
    }

    @Test("Every word that a caption can contain is one token") func words() throws {
        try withTokenizer { tokenizer in
            for word in Captioner.vocabulary + [","] { #expect(tokenizer(word).count == 3, "\(word)") }
            #expect(tokenizer("\u{E9}tag\u{E8}re 7!").count > 6)
        }
    }

    @Test("No caption is too long, and captions of a batch are cut to the longest") func captions() throws {
        try withTokenizer { tokenizer in
            let scenes = (0..<300).map { Scene(seed: 5, index: $0) }
            let texts = CaptionTokens(tokenizer)(scenes, seed: 5, from: 0)
            let ends = texts.compactMap { $0.firstIndex(of: WorldTokenizer.shared.endToken) }
            #expect(ends.count == 300)
            #expect(texts.allSatisfy { $0.count == (ends.max() ?? 0) + 1 })
            #expect(texts[0].count < WorldTokenizer.length)
            let words = scenes[7].caption(seed: 5, index: 7).replacing(",", with: " ,").split(separator: " ").count
            #expect(ends[7] == words + 1)
        }
    }

    @Test("Tokens are numbered once each, as the text tower's sizes have them") func numbers() {
        let tokens = WorldTokenizer.shared.tokens
        #expect(Set(tokens).count == tokens.count)
        #expect(TextTowerConfiguration.demo.vocabulary == tokens.count)
        #expect(TextTowerConfiguration.demo.pooling == .first(tokens.count - 1))
    }
}
