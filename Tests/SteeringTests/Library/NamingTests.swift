import Foundation
import Pictures
import Steering
import TestSupport
import Testing

extension TorchTests {
    @Suite("Naming in the background") struct NamingTests {
        private static let words = ["red circle", "blue square", "green star", "night"]

        private func opened(_ pack: LibraryPack) async throws -> Engine {
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(pack.pack.folder)
            return engine
        }

        private func pack(_ names: String? = nil) throws -> LibraryPack {
            let pack = try LibraryPack(text: ())
            try pack.write(Self.words.joined(separator: "\n"), to: "vocabulary.txt")
            if let names { try pack.write(names, to: "features.json") }
            return pack
        }

        /// Names all, step by step.
        private func steps(_ engine: Engine, first analysis: AnalysisID? = nil, threshold: Float? = -1) async throws -> [NamingStep] {
            var steps: [NamingStep] = []
            repeat {
                steps.append(try await engine.nameFeatures(first: analysis, threshold: threshold))
            } while steps.last?.isFinished == false
            return steps
        }

        private func labels(_ steps: [NamingStep]) -> [Int: String] { steps.reduce(into: [:]) { $0.merge($1.labels) { $1 } } }

        @Test("Step by step, features get the labels that all at once would give them, and keep them") func same() async throws {
            let (one, other) = (try pack(), try pack())
            let (engine, reference) = (try await opened(one), try await opened(other))
            let steps = try await steps(engine, threshold: 0.2)
            #expect(steps.map(\.step) == steps.map(\.step).sorted() && steps.last?.count == 64 + Self.words.count)
            let vocabulary = try LabelVocabulary(pack: other.pack)
            _ = try await reference.label(other.library(), by: vocabulary, threshold: 0.2)
            let expected = try other.library().features(orderedBy: .index, count: 64)
            let found = try one.library().features(orderedBy: .index, count: 64)
            #expect(found.map(\.label) == expected.map(\.label) && found.map(\.isUnclear) == expected.map(\.isUnclear))
            #expect(found.contains { $0.label != nil } && found.allSatisfy { $0.label != nil || $0.isUnclear })
            #expect(labels(steps) == Dictionary(uniqueKeysWithValues: found.compactMap { item in item.label.map { (item.index, $0) } }))
            // Not again at the next start.
            let again = try await self.steps(opened(one))
            #expect(again == [NamingStep()])
        }

        @Test("The picture's strongest features come first, and the picture knows its labels then") func strongest() async throws {
            let pack = try pack()
            let engine = try await opened(pack)
            let picture = try ReferencePack.square.picture
            let analysis = try await engine.analyse(picture)
            let steps = try await steps(engine, first: analysis.id)
            let first = try #require(steps.first { !$0.labels.isEmpty })
            let strongest = Set(analysis.features.prefix(16).map(\.index))
            #expect(strongest.isSuperset(of: first.labels.keys))
            let all = labels(steps)
            let anew = try await engine.analyse(picture).features
            #expect(anew.allSatisfy { $0.label == all[$0.index] } && anew.contains { $0.label != nil })
            #expect(try pack.library().feature(anew[0].index).label == anew[0].label)
        }

        @Test("What has a label keeps it, and a naming that was cut off goes on") func precedence() async throws {
            let pack = try pack(#"{"version": 1, "features": [{"index": 1, "label": "mine too"}]}"#)
            try pack.library().setLabel("mine", of: 5)
            let engine = try await opened(pack)
            var done: [NamingStep] = []
            repeat { done.append(try await engine.nameFeatures(first: nil, threshold: -1)) } while done.last?.labels.isEmpty == true
            let rest = try await steps(opened(pack))
            let all = labels(done + rest)
            #expect(all[1] == nil && all[5] == nil)
            #expect(Set(labels(done).keys).isDisjoint(with: labels(rest).keys))
            #expect(try pack.library().features([1, 5]).map(\.label) == ["mine too", "mine"])
            let unnamed = try pack.library().features(orderedBy: .index, count: 64).filter { $0.label == nil && !$0.isUnclear }
            #expect(unnamed.isEmpty)
        }

        @Test("Where the library cannot be used, labels are known until the pack is closed") func unkept() async throws {
            let pack = try pack()
            try FileManager.default.createDirectory(
                at: pack.pack.folder.appendingPathComponent("features.sqlite"), withIntermediateDirectories: true)
            let engine = try await opened(pack)
            let all = labels(try await steps(engine))
            #expect(!all.isEmpty)
            let known = try await engine.labels(of: 0..<64)
            #expect(known == all)
        }

        @Test("A pack without a text tower, or with a vocabulary that is none, is left as it is") func impossible() async throws {
            let wordless = try LibraryPack()
            #expect(try await steps(opened(wordless)) == [NamingStep()])
            let empty = try pack()
            try empty.write("one", to: "vocabulary.txt")
            #expect(try await steps(opened(empty)) == [NamingStep()])
        }

        @Test("The demo pack without its labels gets most of them back from its words") func demo() async throws {
            let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
            let folder = try TemporaryFolder()
            let copy = folder.url.appendingPathComponent("demo")
            try FileManager.default.copyItem(at: root.appendingPathComponent("assets/demo"), to: copy)
            let published = try FeatureLibrary(of: Pack(copy)).features(orderedBy: .index, count: 56)
            for name in try FileManager.default.contentsOfDirectory(atPath: copy.path) where name.hasPrefix("features.") {
                try FileManager.default.removeItem(at: copy.appendingPathComponent(name))
            }
            let words = published.compactMap(\.label).sorted().joined(separator: "\n")
            try Data(words.utf8).write(to: copy.appendingPathComponent("vocabulary.txt"))
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(copy)
            let analysis = try await engine.analyse(Picture(contentsOf: root.appendingPathComponent("assets/samples/01.png")))
            #expect(analysis.features.allSatisfy { $0.label == nil })
            let all = labels(try await steps(engine, first: analysis.id))
            let same = published.filter { $0.label == all[$0.index] }
            #expect(same.count * 2 > published.count, "\(same.count) of \(published.count)")
        }
    }
}
