import Foundation
import TestSupport
import Testing

@testable import Networks

@Suite("Tokenizer")
struct TokenizerTests {
    private let folder: TemporaryFolder
    private let special = ["<|startoftext|>", "<|endoftext|>"]

    init() throws {
        folder = try TemporaryFolder()
    }

    private func write(tokens: [String], merges: String = "", configuration: String = #"{"model_max_length": 6}"#) throws {
        let numbers = Dictionary(uniqueKeysWithValues: tokens.enumerated().map { ($1, $0) })
        _ = try folder.file("vocab.json", JSONEncoder().encode(numbers))
        _ = try folder.file("merges.txt", merges.utf8)
        _ = try folder.file("tokenizer_config.json", configuration.utf8)
    }

    private func tokenizer() throws -> Tokenizer { try Tokenizer(contentsOf: folder.url) }

    private func path(_ name: String) -> String { folder.url.appendingPathComponent(name).path }

    @Test("Pairs are joined in the order of the merges, and what lacks a token is unknown") func merging() throws {
        let tokens = ["a", "b", "a</w>", "b</w>", "ab", "ab</w>", "aab</w>"] + special
        try write(tokens: tokens, merges: "#version: 0.2\na b\na b</w>\na ab</w>\n")
        let tokenizer = try tokenizer()
        #expect(tokenizer.vocabularySize == 9)
        #expect(tokenizer("ab").tokens == [7, 5, 8, 8, 8, 8])
        #expect(tokenizer("ab").count == 3)
        #expect(tokenizer("AAB").tokens == [7, 6, 8, 8, 8, 8])
        // "a b" comes before "a b</w>".
        #expect(tokenizer("abab").tokens == [7, 4, 5, 8, 8, 8])
        #expect(tokenizer("az").tokens == [7, 0, 8, 8, 8, 8])
        #expect(tokenizer("az").count == 4)
    }

    @Test("A long text is cut, and still ends") func cutting() throws {
        try write(tokens: ["a", "a</w>"] + special)
        let found = try tokenizer()(String(repeating: "a ", count: 1000))
        #expect(found == TokenizedText(tokens: [2, 1, 1, 1, 1, 3], count: 6))
    }

    @Test("One long word of a hundred thousand letters is no trouble") func longWord() throws {
        try write(tokens: ["a", "a</w>", "aa"] + special, merges: "a a\n")
        #expect(try tokenizer()(String(repeating: "a", count: 100_001)).tokens == [3, 2, 2, 2, 2, 4])
    }

    @Test(
        "A damaged vocabulary is refused with its file",
        arguments: [
            "", "[]", "{", #"{"a": "b"}"#, #"{"a": 1.5}"#, #"{"a": -1, "b": 0}"#, #"{"a": 0, "b": 0}"#, #"{"a": 1, "b": 2}"#,
            #"{"a": 9223372036854775807}"#, #"{"a": 1e300}"#, "\u{0}", "null",
        ]) func vocabulary(json: String) throws
    {
        try write(tokens: special)
        _ = try folder.file("vocab.json", json.utf8)
        let error = try #require(#expect(throws: TokenizerError.self) { try tokenizer() })
        guard case .brokenVocabulary(path("vocab.json"), _) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test(
        "A damaged list of merges is refused with its file and line",
        arguments: ["a", "a ", " b", "a b c", "a  b", "x b", "a x", "b a", "a\tb", "a b\r", "\u{301} b", "#"]) func merges(line: String)
        throws
    {
        try write(tokens: ["a", "b", "ab"] + special, merges: "#version: 0.2\na b\n\n\(line)\n")
        let error = try #require(#expect(throws: TokenizerError.self) { try tokenizer() })
        guard case .brokenMerge(path("merges.txt"), line: 4, _) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test("Merges that are not UTF-8 are refused") func bytes() throws {
        try write(tokens: ["a", "b", "ab"] + special)
        _ = try folder.file("merges.txt", [0xFF, 0x20, 0xFE, 0x0A])
        #expect(throws: TokenizerError.self) { try tokenizer() }
    }

    @Test("A file that is not there is named", arguments: ["vocab.json", "merges.txt", "tokenizer_config.json"]) func missing(name: String)
        throws
    {
        try write(tokens: special)
        try FileManager.default.removeItem(atPath: path(name))
        let error = try #require(#expect(throws: (any Error).self) { try tokenizer() })
        #expect("\(error)".hasPrefix(path(name) + ": "))
    }

    @Test("A special token that the vocabulary lacks is named") func missingToken() throws {
        try write(tokens: special, configuration: #"{"model_max_length": 6, "pad_token": "<pad>"}"#)
        #expect(throws: TokenizerError.missingToken(file: path("vocab.json"), token: "<pad>")) { try tokenizer() }
    }

    @Test(
        "Settings that would change the tokens are refused",
        arguments: [
            "{}", #"{"model_max_length": 1}"#, #"{"model_max_length": 1e30}"#, #"{"model_max_length": 6, "bos_token": ""}"#,
            #"{"model_max_length": 6, "bos_token": 3}"#, #"{"model_max_length": 6, "eos_token": {"content": 1}}"#,
            #"{"model_max_length": 6, "eos_token": {"content": "<|endoftext|>", "lstrip": true}}"#,
            #"{"model_max_length": 6, "padding_side": "left"}"#, #"{"model_max_length": 6, "additional_special_tokens": ["<x>"]}"#,
            #"{"model_max_length": 6, "unheard_of": 1}"#,
        ]) func settings(configuration: String) throws
    {
        try write(tokens: special, configuration: configuration)
        #expect(throws: NetworkError.self) { try tokenizer() }
    }

    @Test("Every byte has a character of its own") func alphabet() {
        #expect(Set(ByteAlphabet.characters).count == 256)
        #expect(ByteAlphabet.characters[0x41] == "A" && ByteAlphabet.characters[0x20] == "Ġ" && ByteAlphabet.characters[0xAD] == "Ń")
    }

    @Test(
        "A damaged tokenizer.json, or one of another kind, is refused with its file and what is wrong",
        arguments: [
            ("{", "byte-pair"), ("[]", "byte-pair"), ("{\"model\": {}}", "byte-pair"),
            (#"{"model": {"type": "WordPiece", "vocab": {}, "merges": []}}"#, "another kind"),
            (#"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}"#, "another kind"),
            (#"{"model": {"vocab": {"a": 1}, "merges": [], "end_of_word_suffix": "</w>"}}"#, "numbered"),
            (#"{"model": {"vocab": {"a": 0}, "merges": ["a b c"], "end_of_word_suffix": "</w>"}}"#, "<|endoftext|>"),
            (#"{"model": {"vocab": {"a": 0}, "merges": [1], "end_of_word_suffix": "</w>"}}"#, "byte-pair"),
            (
                #"{"added_tokens": [{"id": 1, "content": "a"}], "model": {"vocab": {"a": 0}, "merges": [], "end_of_word_suffix": "</w>"}}"#,
                "two numbers"
            ),
            (
                #"{"truncation": {"max_length": 1}, "model": {"vocab": {"a": 0}, "merges": [], "end_of_word_suffix": "</w>"}}"#,
                "1 tokens"
            ),
            ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs"),
        ]) func wholeFile(json: String, complaint: String) throws
    {
        let file = try folder.file("tokenizer.json", json.utf8)
        let error = try #require(#expect(throws: (any Error).self) { try tokenizer() })
        #expect("\(error)".hasPrefix(file.path) && "\(error)".contains(complaint), "\(error)")
    }

    @Test("A merge of tokenizer.json that joins to nothing is refused with its number") func wholeFileMerge() throws {
        let special = #""<|startoftext|>": 2, "<|endoftext|>": 3"#
        let file = try folder.file(
            "tokenizer.json",
            #"{"model": {"vocab": {"a": 0, "b": 1, \#(special)}, "merges": [["a", "b"]], "end_of_word_suffix": "</w>"}}"#.utf8)
        let error = try #require(#expect(throws: TokenizerError.self) { try tokenizer() })
        guard case .brokenMerge(file.path, line: 1, _) = error else {
            Issue.record("\(error)")
            return
        }
    }
}
