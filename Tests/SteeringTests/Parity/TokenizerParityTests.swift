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

    /// A folder with nothing but `tokenizer.json`, changed.
    private func folder(in temporary: TemporaryFolder, _ change: (inout [String: Any]) throws -> Void = { _ in }) throws -> URL {
        let folder = temporary.url.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let saved = try Data(contentsOf: TextReference.folder.appendingPathComponent("tokenizer.json"))
        var content = try #require(try JSONSerialization.jsonObject(with: saved) as? [String: Any])
        try change(&content)
        try JSONSerialization.data(withJSONObject: content).write(to: folder.appendingPathComponent("tokenizer.json"))
        return folder
    }

    @Test("On 1,000 strings with tokenizer.json alone, whose merges are pairs or, in older files, texts", arguments: [false, true])
    func wholeFile(isOld: Bool) throws {
        let temporary = try TemporaryFolder()
        let folder = try folder(in: temporary) { content in
            var model = try #require(content["model"] as? [String: Any])
            let merges = try #require(model["merges"] as? [[String]])
            if isOld { model["merges"] = merges.map { $0.joined(separator: " ") } }
            content["model"] = model
        }
        let tokenizer = try Tokenizer(contentsOf: folder)
        #expect(tokenizer.length == 77)
        for example in try TextReference.decoded("strings.json") as [TextReference.Example] {
            let found = tokenizer(example.text)
            #expect(Array(found.tokens.prefix(found.count)) == example.tokens, "\(example.text.debugDescription)")
        }
    }

    @Test("With tokenizer.json, whatever it says of special tokens and whatever stands beside it") func wholeFileSettings() throws {
        let temporary = try TemporaryFolder()
        let settings: [TextReference.Settings] = try TextReference.decoded("tokenizers.json")
        let cases: [TextReference.TokenizerFile] = try TextReference.decoded("tokenizer_files.json")
        #expect(cases.count == 6)
        for file in cases {
            let folder = try folder(in: temporary) { content in
                let added = try #require(content["added_tokens"] as? [[String: Any]])
                content["added_tokens"] = zip(added, file.normalised).map { $0.merging(["normalized": $1]) { $1 } }
            }
            if let setting = settings.first(where: { $0.name == file.settings }) {
                try Data(setting.config.utf8).write(to: folder.appendingPathComponent("tokenizer_config.json"))
                if let map = setting.map { try Data(map.utf8).write(to: folder.appendingPathComponent("special_tokens_map.json")) }
            }
            let tokenizer = try Tokenizer(contentsOf: folder)
            #expect(tokenizer.length == file.length)
            for example in file.strings {
                let padding = [Int](repeating: file.padding, count: file.length - example.tokens.count)
                #expect(tokenizer(example.text).tokens == example.tokens + padding, "\(file.name): \(example.text.debugDescription)")
            }
        }
    }
}
