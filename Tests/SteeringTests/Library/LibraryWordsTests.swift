import Foundation
import Steering
import Tensors
import TestSupport
import Testing

extension TorchTests {
    @Suite("Labels and search by words")
    struct LibraryWordsTests {
        private func opened(_ names: String? = nil) async throws -> (LibraryPack, FeatureLibrary, Engine) {
            let pack = try LibraryPack(text: ())
            if let names { try pack.write(names, to: "features.json") }
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(pack.pack.folder)
            return (pack, try pack.library(), engine)
        }

        private func vocabulary(_ pack: LibraryPack, _ words: [String]) throws -> LabelVocabulary {
            try pack.write(words.joined(separator: "\n"), to: "words.txt")
            return try LabelVocabulary(contentsOf: pack.pack.folder.appendingPathComponent("words.txt"))
        }

        @Test("Every feature gets the nearest phrase with its score and the runner-up, or is unclear") func labels() async throws {
            let (pack, library, engine) = try await opened()
            let words = try vocabulary(pack, ["red circle", "blue square", "green star", "night"])
            let all = try await engine.label(library, by: words, threshold: -1)
            #expect(all.labelled == 64 && all.unclear == 0 && all.agreement == nil)
            let features = try library.features(orderedBy: .index, count: 64)
            for feature in features {
                #expect(words.phrases.contains(try #require(feature.label)))
                #expect(words.phrases.contains(try #require(feature.runnerUp)))
                #expect(feature.label != feature.runnerUp && feature.labelSource == .words)
                #expect(try #require(feature.score) >= #require(feature.runnerUpScore))
                #expect((-1...1).contains(try #require(feature.score)))
            }
            let least = try #require(features.compactMap(\.score).sorted().dropFirst(32).first)
            let some = try await engine.label(library, by: words, threshold: least)
            #expect(some.labelled == 32 && some.unclear == 32)
            let unclear = try library.features(orderedBy: .index, count: 64).filter(\.isUnclear)
            #expect(unclear.count == 32)
            for feature in unclear { #expect(feature.runnerUp == features[feature.index].label) }
        }

        @Test("A feature whose direction is that of a phrase gets that phrase") func planted() async throws {
            let (pack, library, engine) = try await opened()
            // Every feature's score for the second phrase is minus that for the first: with two phrases, their mean lies between them.
            let words = try vocabulary(pack, ["red circle", "blue square"])
            _ = try await engine.label(library, by: words, threshold: -1)
            for feature in try library.features(orderedBy: .index, count: 64) {
                #expect(abs(try #require(feature.score) + #require(feature.runnerUpScore)) < 1e-4)
            }
        }

        @Test("Labels of the user and of the pack stay, and are compared where the words have them") func precedence() async throws {
            let names =
                #"{"version": 1, "features": [{"index": 1, "label": "night"}, {"index": 2, "label": "red circle"}, {"index": 3, "label": "other"}]}"#
            let (pack, library, engine) = try await opened(names)
            try library.setLabel("mine", of: 5)
            let words = try vocabulary(pack, ["red circle", "blue square", "night"])
            let summary = try await engine.label(library, by: words, threshold: -1)
            #expect(try library.features([1, 2, 3, 5]).map(\.label) == ["night", "red circle", "other", "mine"])
            let agreement = try #require(summary.agreement)
            #expect(agreement.compared == 2)
            #expect((0...2).contains(agreement.equalFirst) && agreement.equalFirst <= agreement.equalFirstOrSecond)
            #expect((0...2).contains(agreement.expectedByChance))
            try library.setLabel(nil, of: 5)
            #expect(try library.feature(5).labelSource == .words)
        }

        @Test("The threshold without being told is what few random directions reach") func threshold() async throws {
            let (pack, library, engine) = try await opened()
            let words = try vocabulary(pack, ["red circle", "blue square", "green star", "night"])
            let summary = try await engine.label(library, by: words)
            // sqrt(2 ln(4 / 0.05) / width)
            #expect(abs(summary.threshold - Float((2 * log(80) / Double(try pack.width)).squareRoot())) < 1e-5)
        }

        @Test("A phrase finds features by their directions, and by their pictures once the library has some") func meaning() async throws {
            let (pack, library, engine) = try await opened()
            let before = try await engine.features(meaning: "a red circle", in: library, count: 10)
            #expect(before.byDirection.count == 10 && before.byPictures.isEmpty)
            #expect(before.byDirection.map(\.score) == before.byDirection.map(\.score).sorted(by: >))
            try await pack.build(library, .embeddings(pack.embeddings(100).file))
            let after = try await engine.features(meaning: "a red circle", in: library, count: 10)
            #expect(after.byDirection == before.byDirection)
            #expect(after.byPictures.count == 10 && after.byPictures.map(\.score) == after.byPictures.map(\.score).sorted(by: >))
            #expect(try await refusal { try await engine.features(meaning: " 12!", in: library, count: 1) }.contains("letters"))
        }

        @Test("The features like one are ordered by the cosine of their directions") func similar() async throws {
            let (pack, _, engine) = try await opened()
            let file = try SafetensorsFile(contentsOf: pack.pack.folder.appendingPathComponent("sae/model.safetensors"))
            let columns = try file.tensor("decoder.weight").to(.float64).transposed()
            let unit = try columns / columns.norm([1], keep: true)
            let cosines = try unit.matmul(unit.transposed()).narrowed(0, from: 7, length: 1).floats()
            let found = try await engine.features(like: 7, count: 5)
            let expected = cosines.enumerated().filter { $0.offset != 7 }.sorted { $0.element > $1.element }.prefix(5)
            #expect(found.map(\.feature) == expected.map(\.offset))
            #expect(zip(found, expected).allSatisfy { abs($0.score - $1.element) < 1e-5 })
            _ = try await refusal { try await engine.features(like: 64, count: 5) }
        }

        @Test("Without a text tower there is one sentence") func noTextTower() async throws {
            let pack = try LibraryPack()
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(pack.pack.folder)
            let library = try pack.library()
            let vocabulary = try LabelVocabulary(pack: pack.pack)
            #expect(try await refusal { try await engine.label(library, by: vocabulary) }.contains("the pack has no prior/tokenizer"))
            #expect(try await refusal { try await engine.features(meaning: "night", in: library, count: 1) }.contains("prior/tokenizer"))
        }

        @Test("A vocabulary is the pack's own, or its labels, or everyday words; too few are refused") func vocabularies() async throws {
            let pack = try LibraryPack()
            #expect(try LabelVocabulary(pack: pack.pack).phrases.count > 300)
            try pack.write(#"{"version": 1, "features": [{"index": 1, "label": "b"}, {"index": 2, "label": "a"}]}"#, to: "features.json")
            #expect(try LabelVocabulary(pack: pack.pack).phrases == ["a", "b"])
            try pack.write("one\r\n\n two  words \none\nthree", to: "vocabulary.txt")
            #expect(try LabelVocabulary(pack: pack.pack).phrases == ["one", "two words", "three"])
            try pack.write("one\none\n", to: "vocabulary.txt")
            #expect(try await refusal { try LabelVocabulary(pack: pack.pack) }.contains("this one has 1"))
            try Data([0xFF, 0xFE]).write(to: pack.pack.folder.appendingPathComponent("vocabulary.txt"))
            #expect(try await refusal { try LabelVocabulary(pack: pack.pack) }.contains("cannot be read"))
        }
    }
}
