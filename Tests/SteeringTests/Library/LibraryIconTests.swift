import Foundation
import Pictures
import Steering
import TestSupport
import Testing

extension TorchTests {
    @Suite("Icons that a library keeps")
    struct LibraryIconTests {
        private func pack() throws -> LibraryPack {
            let pack = try LibraryPack()
            try pack.write(
                #"{"steps": 2, "invertSteps": 3, "iconTemplate": "template.png", "iconValues": [0, 20]}"#, to: "pack.json")
            try ReferencePack.square.picture.write(toPNG: pack.pack.folder.appendingPathComponent("template.png"))
            return try pack.reread()
        }

        @Test("An icon is made once, and another process finds it") func kept() async throws {
            let pack = try pack()
            let library = try pack.library()
            #expect(try library.icon(of: 4) == nil)
            #expect(try library.iconTemplate() == nil)
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(pack.pack.folder)
            let made = try await engine.icon(of: 4, in: library)
            #expect(made.activations == [0, 20] && made.pictures.count == 2 && made.pictures[0] != made.pictures[1])
            let other = try pack.library()
            #expect(try other.icon(of: 4) == made)
            #expect(try other.featuresWithIcons(among: [3, 4, 5]) == [4])
            #expect(try other.iconTemplate() == ReferencePack.square.picture)
            let again = Engine(threads: 1)
            _ = try await again.openOnCPU(pack.pack.folder)
            let steps = Counter()
            #expect(try await again.icon(of: 4, in: other) { _ in steps.increase() } == made)
            #expect(steps.value == 0)
        }

        @Test("Another template makes another icon in place of the first") func otherTemplate() async throws {
            let pack = try pack()
            let library = try pack.library()
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(pack.pack.folder)
            let first = try await engine.icon(of: 4, in: library)
            try ReferencePack.portrait.picture.write(toPNG: pack.pack.folder.appendingPathComponent("template.png"))
            let second = try await engine.icon(of: 4, in: library)
            #expect(first != second)
            #expect(try library.icon(of: 4) == second)
        }

        @Test("preprocess takes icons from the library and puts new ones there") func preprocess() async throws {
            let pack = try pack()
            let library = try pack.library()
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(pack.pack.folder)
            let listed = try await engine.preprocess(ReferencePack.portrait.picture, features: 1, icons: true, invertSteps: 2).features
            let icon = try #require(try library.icon(of: listed[0].idx))
            #expect(try listed[0].icon == icon.pictures.map { try $0.dataURI })
        }

        @Test("Without a template of the pack's, the first picture serves from then on") func fallback() async throws {
            let pack = try LibraryPack()
            try pack.write(#"{"steps": 2, "invertSteps": 3, "iconValues": [5]}"#, to: "pack.json")
            let library = try pack.library()
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(pack.pack.folder)
            #expect(try await refusal { try await engine.icon(of: 1, in: library) }.contains("iconTemplate"))
            let first = try await engine.icon(of: 1, in: library, fallback: ReferencePack.square.picture)
            #expect(try await engine.icon(of: 1, in: library, fallback: ReferencePack.portrait.picture) == first)
            #expect(try await engine.icon(of: 1, in: library) == first)
        }
    }
}
