import Files
import Foundation
import Networks
import Scenes

/// The tokenizer of the drawn world: every word that a caption can contain is one token, and any other text is cut into smaller ones.
public struct WorldTokenizer: Sendable {
    /// More than the longest caption needs, start and end included.
    public static let length = 40
    static let shared = WorldTokenizer(words: Captioner.vocabulary)

    private static let start = "<|startoftext|>"
    private static let end = "<|endoftext|>"
    /// By their numbers.
    let tokens: [String]
    private let merges: [WordMerges.Pair]

    init(words: [String]) {
        merges = WordMerges(words: words).pairs
        let bytes = ByteAlphabet.characters.map(String.init)
        tokens = bytes + bytes.map { $0 + WordMerges.endOfWord } + merges.map(\.joined) + [Self.start, Self.end]
    }

    /// The number of the token at which a text's embedding is read.
    var endToken: Int { tokens.count - 1 }

    /// Writes the files that transformers' `CLIPTokenizer` and `Tokenizer` read.
    func write(to folder: URL) throws {
        try makeFolder(folder)
        let numbers = Dictionary(zip(tokens, tokens.indices), uniquingKeysWith: { first, _ in first })
        try numbers.write(asJSONTo: folder.appendingPathComponent("vocab.json"))
        let lines = ["#version: 0.2"] + merges.map { $0.left + " " + $0.right }
        try AtomicFile.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: folder.appendingPathComponent("merges.txt"))
        try configuration.write(asJSONTo: folder.appendingPathComponent("tokenizer_config.json"))
        try specialTokens.write(asJSONTo: folder.appendingPathComponent("special_tokens_map.json"))
    }

    private var configuration: JSONValue {
        [
            "add_prefix_space": false, "bos_token": .text(Self.start), "do_lower_case": true, "eos_token": .text(Self.end),
            "errors": "replace", "model_max_length": .integer(Self.length), "pad_token": .text(Self.end),
            "tokenizer_class": "CLIPTokenizer", "unk_token": .text(Self.end),
        ]
    }

    private var specialTokens: JSONValue {
        [
            "bos_token": .text(Self.start), "eos_token": .text(Self.end), "pad_token": .text(Self.end), "unk_token": .text(Self.end),
        ]
    }
}

extension TextTowerConfiguration {
    /// The sizes of the demo pack.
    public static let demo = TextTowerConfiguration(
        vocabulary: WorldTokenizer.shared.tokens.count, length: WorldTokenizer.length, width: 128, hidden: 512, layers: 3, heads: 4,
        projection: 128, pooling: .first(WorldTokenizer.shared.endToken))
}
