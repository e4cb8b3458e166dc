import Foundation
import Networks
import TestSupport
import Testing

@Suite("The tokenizer equals transformers' CLIPTokenizer")
struct TokenizerParityTests {
    @Test("On 1,000 strings") func strings() throws {
        let examples: [TextReference.Example] = try TextReference.decoded("strings.json")
        #expect(examples.count == 1000)
        let tokenizer = try Tokenizer(contentsOf: TextReference.folder.appendingPathComponent("prior/tokenizer"))
        for example in examples {
            let found = tokenizer(example.text)
            #expect(found.tokens.count == tokenizer.length)
            #expect(Array(found.tokens.prefix(found.count)) == example.tokens, "\(example.text.debugDescription)")
        }
    }

    @Test("However its special tokens are written down") func settings() throws {
        let folder = try TemporaryFolder()
        let settings: [TextReference.Settings] = try TextReference.decoded("tokenizers.json")
        #expect(settings.count == 5)
        for setting in settings {
            let copy = folder.url.appendingPathComponent(setting.name)
            try FileManager.default.copyItem(at: TextReference.folder.appendingPathComponent("prior/tokenizer"), to: copy)
            try Data(setting.config.utf8).write(to: copy.appendingPathComponent("tokenizer_config.json"))
            let map = copy.appendingPathComponent("special_tokens_map.json")
            try FileManager.default.removeItem(at: map)
            if let content = setting.map { try Data(content.utf8).write(to: map) }
            let tokenizer = try Tokenizer(contentsOf: copy)
            #expect(tokenizer.length == setting.length)
            for example in setting.strings {
                let padding = [Int](repeating: setting.padding, count: setting.length - example.tokens.count)
                #expect(tokenizer(example.text).tokens == example.tokens + padding, "\(setting.name): \(example.text.debugDescription)")
            }
        }
    }
}
