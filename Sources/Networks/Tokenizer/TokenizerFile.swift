import Foundation
import Tensors

/// A `tokenizer.json` of the tokenizers library, of which only CLIP's kind is understood: byte-pair encoding whose words end in `</w>`.
struct TokenizerFile {
    let vocabulary: Vocabulary
    /// Pairs of tokens, the one that is joined first at the start.
    let merges: [[String]]
    /// The tokens that are recognised where they are written out.
    let added: [SpecialToken]
    /// What it says of special tokens and of a text's length, for where there is no `tokenizer_config.json`.
    let configuration: TokenizerConfiguration

    private static let usualLength = 77
    private static let largest = 64 << 20

    private struct Content: Decodable {
        struct Model: Decodable {
            let type: String?
            let vocabulary: [String: Int]
            let merges: [Merge]
            let endOfWord, unknown, prefix: String?
            let fallsBackOnBytes: Bool?

            private enum CodingKeys: String, CodingKey {
                case type, merges
                case vocabulary = "vocab"
                case endOfWord = "end_of_word_suffix"
                case unknown = "unk_token"
                case prefix = "continuing_subword_prefix"
                case fallsBackOnBytes = "byte_fallback"
            }
        }

        struct Added: Decodable {
            let id: Int
            let content: String
            let normalized, lstrip, rstrip, singleWord: Bool?

            private enum CodingKeys: String, CodingKey {
                case id, content, normalized, lstrip, rstrip
                case singleWord = "single_word"
            }
        }

        struct Processor: Decodable {
            let sep, cls: Special?
        }

        struct Truncation: Decodable {
            let length: Int?

            private enum CodingKeys: String, CodingKey {
                case length = "max_length"
            }
        }

        struct Padding: Decodable {
            let token: String?

            private enum CodingKeys: String, CodingKey {
                case token = "pad_token"
            }
        }

        let model: Model
        let added: [Added]?
        let processor: Processor?
        let truncation: Truncation?
        let padding: Padding?

        private enum CodingKeys: String, CodingKey {
            case model, truncation, padding
            case added = "added_tokens"
            case processor = "post_processor"
        }
    }

    /// `"a b"` or `["a", "b"]`.
    private struct Merge: Decodable {
        let parts: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let parts = try? container.decode([String].self) {
                self.parts = parts
            } else {
                parts = try container.decode(String.self).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            }
        }
    }

    /// `["<|endoftext|>", 49407]`.
    private struct Special: Decodable {
        let content: String

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            content = try container.decode(String.self)
        }
    }

    /// - Throws: `TokenizerError` when it is damaged or of another kind.
    init(contentsOf url: URL) throws {
        func broken(_ reason: String) -> TokenizerError { .brokenVocabulary(file: url.path, reason: reason) }
        try url.requireNoDanglingLink()
        guard let data = try? Data(contentsOf: url), data.count <= Self.largest else { throw TokenizerError.unreadable(file: url.path) }
        try GitLFS.requireContent(data, of: url)
        guard let content = try? JSONDecoder().decode(Content.self, from: data) else {
            throw broken("it is not a tokenizer.json of a byte-pair model.")
        }
        let model = content.model
        guard model.type ?? "BPE" == "BPE", model.endOfWord == BytePairEncoder.endOfWord, model.fallsBackOnBytes != true,
            (model.prefix ?? "").isEmpty
        else { throw broken("it is a tokenizer of another kind than CLIP's, whose model is BPE with the end of words marked by </w>.") }
        var numbers = model.vocabulary
        for token in content.added ?? [] {
            guard token.lstrip != true, token.rstrip != true, token.singleWord != true else {
                throw broken("its token \"\(token.content)\" takes in what stands beside it, which CLIP's do not.")
            }
            guard numbers.updateValue(token.id, forKey: token.content) ?? token.id == token.id else {
                throw broken("its token \"\(token.content)\" has two numbers.")
            }
        }
        vocabulary = try Vocabulary(numbers, file: url.path)
        merges = model.merges.map(\.parts)
        let added = (content.added ?? []).map { SpecialToken(content: $0.content, isNormalised: $0.normalized ?? false) }
        self.added = added
        configuration = try Self.configuration(content, added, broken)
    }

    private static func configuration(
        _ content: Content, _ added: [SpecialToken], _ broken: (String) -> TokenizerError
    ) throws -> TokenizerConfiguration {
        func token(_ text: String) -> SpecialToken {
            added.first { $0.content == text } ?? SpecialToken(content: text, isNormalised: false)
        }
        let end = content.processor?.sep?.content ?? "<|endoftext|>"
        let length = content.truncation?.length ?? usualLength
        guard (2...4096).contains(length) else { throw broken("it cuts texts to \(length) tokens.") }
        return TokenizerConfiguration(
            start: token(content.processor?.cls?.content ?? "<|startoftext|>"), end: token(end),
            unknown: token(content.model.unknown ?? end), padding: token(content.padding?.token ?? end), length: length)
    }
}
