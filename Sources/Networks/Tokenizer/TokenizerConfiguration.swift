import Files
import Foundation

/// A token that is recognised where it is written out in a text.
struct SpecialToken: Equatable {
    var content: String
    /// Whether it is looked for in the normalised text, where capitals have become small.
    var isNormalised: Bool
}

/// The tokens with a meaning of their own and the length of a text, as `tokenizer_config.json` and `special_tokens_map.json` give them.
struct TokenizerConfiguration: Equatable {
    var start, end, unknown, padding: SpecialToken
    /// How many tokens every text is cut or padded to.
    var length: Int

    init(start: SpecialToken, end: SpecialToken, unknown: SpecialToken, padding: SpecialToken, length: Int) {
        (self.start, self.end, self.unknown, self.padding, self.length) = (start, end, unknown, padding, length)
    }

    /// - Parameter known: the tokens of the `tokenizer.json` beside it, if that is what is read.
    /// - Throws: `NetworkError` for an option that is missing, of the wrong form, or not supported.
    init(contentsOf folder: URL, known: [SpecialToken] = []) throws {
        var options = try ConfigurationFile(contentsOf: folder.appendingPathComponent("tokenizer_config.json"))
        length = try options.integer("model_max_length", in: 2...4096)
        let reader = try SpecialTokenReader(folder, known, &options)
        start = try reader.token("bos_token", &options) ?? SpecialToken(content: "<|startoftext|>", isNormalised: false)
        let endOfText = SpecialToken(content: "<|endoftext|>", isNormalised: false)
        end = try reader.token("eos_token", &options) ?? endOfText
        unknown = try reader.token("unk_token", &options) ?? endOfText
        padding = try reader.token("pad_token", &options) ?? endOfText
        try options.require("split_special_tokens", .boolean(false))
        try options.require("additional_special_tokens", .list([]))
        try options.require("extra_special_tokens", .list([]), .object([:]))
        try options.require("padding_side", .text("right"))
        try options.require("truncation_side", .text("right"))
        options.disregard(
            "add_prefix_space", "backend", "clean_up_tokenization_spaces", "do_lower_case", "errors", "is_local", "local_files_only",
            "name_or_path", "processor_class", "special_tokens_map_file", "tokenizer_class", "tokenizer_file")
        try options.finish()
    }

    /// Each special token once: where two entries say different things of one token, the later of start, end, unknown, padding holds.
    var specialTokens: [SpecialToken] {
        [start, end, unknown, padding].reduce(into: []) { tokens, token in
            tokens.removeAll { $0.content == token.content }
            tokens.append(token)
        }
    }
}

/// Finds what is said of a special token, in transformers' order: `added_tokens_decoder` settles how a token is looked for, or `tokenizer.json`;
/// without the former, `special_tokens_map.json` comes before `tokenizer_config.json`.
private struct SpecialTokenReader {
    private let map: ConfigurationFile?
    private let added: [SpecialToken]

    init(_ folder: URL, _ known: [SpecialToken], _ options: inout ConfigurationFile) throws {
        let name = "added_tokens_decoder"
        var decoder: [SpecialToken] = []
        if case .object(let tokens) = options.value(name) {
            decoder = try tokens.values.map { try Self.token(name, $0, options.file) }
        }
        added = decoder.isEmpty ? known : decoder
        let file = folder.appendingPathComponent("special_tokens_map.json")
        let usesMap = decoder.isEmpty && FileManager.default.fileExists(atPath: file.path)
        map = try usesMap ? ConfigurationFile(contentsOf: file) : nil
    }

    func token(_ name: String, _ options: inout ConfigurationFile) throws -> SpecialToken? {
        var general = options.value(name)
        var file = options.file
        if var map, map.value(name) != .null {
            general = map.value(name)
            file = map.file
        }
        if general == .null { return nil }
        let token = try Self.token(name, general, file)
        return added.first { $0.content == token.content } ?? token
    }

    /// Reads `"<|endoftext|>"`, or an object with a content and how to look for it.
    private static func token(_ name: String, _ option: JSONValue, _ file: String) throws -> SpecialToken {
        switch option {
        case .text(let content) where !content.isEmpty: return SpecialToken(content: content, isNormalised: false)
        case .object(let fields):
            guard case .text(let content)? = fields["content"], !content.isEmpty else { break }
            for flag in ["lstrip", "rstrip", "single_word"] where fields[flag] == .boolean(true) {
                throw NetworkError.unsupportedOption(file: file, option: "\(name).\(flag)", found: "true", supported: "false")
            }
            return SpecialToken(content: content, isNormalised: fields["normalized"] == .boolean(true))
        default: break
        }
        throw NetworkError.invalidOption(file: file, option: name, found: option.description, expected: "a token")
    }
}
