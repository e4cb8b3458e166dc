import Foundation
import TestSupport
import Testing

@testable import Steering

extension TorchTests {
    @Suite("Texts for directions")
    struct DirectionTextTests {
        private let templates = DirectionTemplates(
            templates: ["a {medium} of a {word} {subject}", "the {colour} {subject}, {word}"],
            lists: ["medium": ["photo", "etching"], "subject": ["star", "oak"], "colour": ["red", "blue"]])

        private func texts(_ from: String?, _ to: String, count: Int = 40, seed: UInt64 = 3) throws -> DirectionTexts {
            try DirectionTexts(Direction.Definition(from: from, to: to, count: count, seed: seed), templates)
        }

        @Test("The texts of a pair differ in the phrase alone, and articles suit what follows") func pairs() throws {
            let texts = try texts("fat", "old")
            #expect(texts.from.count == 40 && texts.to.count == 40)
            let allowed = ["photo", "etching"].flatMap { medium in
                ["star", "oak"].map { (medium == "photo" ? "a photo" : "an etching", $0) }
            }
            let expected = Set(
                allowed.map { "\($0) of an old \($1)" }
                    + ["red", "blue"].flatMap { colour in ["star", "oak"].map { "the \(colour) \($0), old" } })
            #expect(Set(texts.to) == expected)
            for (from, to) in zip(texts.from, texts.to) {
                #expect(from == to.replacingOccurrences(of: "an old", with: "a fat").replacingOccurrences(of: "old", with: "fat"))
            }
        }

        @Test("With one phrase the other text says nothing in its place") func onePhrase() throws {
            let texts = try texts(nil, "old")
            #expect(texts.from.allSatisfy { !$0.contains("old") && !$0.contains("  ") && !$0.contains(" ,") })
            #expect(Set(texts.from).contains("an etching of an oak") && Set(texts.from).contains("the red star,"))
        }

        @Test("A phrase of a list takes the list's place, in the templates that have it") func listed() throws {
            let texts = try texts("Red", "blue")
            #expect(Set(texts.from) == ["the Red star,", "the Red oak,"] && Set(texts.to) == ["the blue star,", "the blue oak,"])
        }

        @Test("A phrase with braces is the whole text") func whole() throws {
            let texts = try texts("a {colour} {subject} at night", "an oak")
            #expect(
                Set(texts.from).isSubset(of: ["a red star at night", "a blue star at night", "a red oak at night", "a blue oak at night"]))
            #expect(Set(texts.from).count > 1 && !texts.to.allSatisfy { $0 == "an oak" })
        }

        @Test("A seed gives the same texts again, another seed others") func seeds() throws {
            #expect(try texts("fat", "old").to == texts("fat", "old").to)
            #expect(try texts("fat", "old").to != texts("fat", "old", seed: 4).to)
        }

        @Test(
            "Phrases that make no texts are refused, and named",
            arguments: ["", " ", "42", "?!", "a {place}", "{colour", "colour}", "{}", "{{colour}}"]) func refused(phrase: String)
            async throws
        {
            #expect(try await refusal { try texts(nil, phrase) }.hasPrefix("\"\(phrase)\" makes no direction:"))
            _ = try await refusal { try texts(phrase, "old") }
        }

        @Test("Two phrases of places that no template has together are refused") func apart() async throws {
            let apart = DirectionTemplates(templates: ["a {colour} star", "a {medium}"], lists: ["colour": ["red"], "medium": ["photo"]])
            let definition = Direction.Definition(from: "red", to: "photo", count: 1, seed: 0)
            #expect(try await refusal { try DirectionTexts(definition, apart) }.contains("{colour} and {medium}"))
        }

        @Test("Too few and too many texts are refused", arguments: [-1, 0, 10_001, .max]) func counts(count: Int) async throws {
            #expect(try await refusal { try texts("fat", "old", count: count) }.contains("\(count) pairs"))
        }

        @Test(
            "A pack's own lists are read, and refused in one sentence where they are no lists",
            arguments: [
                "", "[]", "{}", #"{"templates": [], "lists": {}}"#, #"{"templates": ["a {thing}"], "lists": {}}"#,
                #"{"templates": ["a {word"], "lists": {}}"#, #"{"templates": ["a {word}"], "lists": {"medium": []}}"#,
                #"{"templates": "a {word}", "lists": {}}"#,
            ]) func ownLists(text: String) async throws
        {
            let folder = try TemporaryFolder()
            let file = try folder.file("directions.json", Data(text.utf8))
            #expect(try await refusal { try DirectionTemplates(pack: Pack(folder.url)) }.hasPrefix(file.path))
            _ = try folder.file("directions.json", JSONEncoder().encode(templates))
            #expect(try DirectionTemplates(pack: Pack(folder.url)) == templates)
        }

        @Test("The standard lists have no fault") func standard() {
            #expect(DirectionTemplates.standard.fault == nil)
        }
    }
}
