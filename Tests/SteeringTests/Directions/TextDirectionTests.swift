import Foundation
import Tensors
import TestSupport
import Testing

@testable import Steering

extension TorchTests {
    /// With random text networks: what they say means nothing, but the arithmetic is what it is with trained ones.
    @Suite("Directions between texts")
    struct TextDirectionTests {
        private let folder: TemporaryFolder
        private let pack: URL

        init() throws {
            folder = try TemporaryFolder()
            pack = try TextReference.pack(in: folder)
            let templates = DirectionTemplates(templates: ["a {word} {thing}"], lists: ["thing": ["cat", "dog", "house"]])
            try JSONEncoder().encode(templates).write(to: pack.appendingPathComponent("directions.json"))
        }

        private func engine() async throws -> Engine {
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(pack)
            return engine
        }

        @Test("A direction is the mean difference of the texts' embeddings, as long as image embeddings are") func difference() async throws
        {
            let definition = Direction.Definition(from: "red", to: "green", count: 50, seed: 1)
            let found = try await engine().direction(definition, named: "colour")
            let pipeline = try Pipeline(Pack(pack), device: .cpu, dataType: .float32)
            let texts = try DirectionTexts(definition, DirectionTemplates(pack: Pack(pack)))
            func mean(_ texts: [String]) throws -> Tensor { try pipeline.encoding(of: texts).embedding.mean([0]) }
            let difference = try mean(texts.to) - mean(texts.from)
            let length = try pipeline.typicalEmbeddingLength()
            let expected = try difference * (length / difference.norm().item())
            #expect(try relativeError(Tensor(found.vector, shape: [found.vector.count]), expected) < 1e-4)
            #expect(found.name == "colour" && found.definition == definition)
        }

        @Test("An embedding is as long as the prior's statistics say, or as that of no picture") func length() throws {
            let weights = try SafetensorsFile(contentsOf: pack.appendingPathComponent("prior/prior/diffusion_pytorch_model.safetensors"))
            func square(_ name: String) throws -> Double { try weights.tensor(name).to(.float64).squared().sum().item() }
            let length = try (square("clip_mean") + square("clip_std")).squareRoot()
            let pipeline = try Pipeline(Pack(pack), device: .cpu, dataType: .float32)
            #expect(abs(try pipeline.typicalEmbeddingLength() - length) < 1e-4 * length)
            let plain = try Pipeline(Pack(ReferencePack.square.pack), device: .cpu, dataType: .float32)
            #expect(try plain.typicalEmbeddingLength() == plain.unconditionalEmbedding().norm().item())
        }

        @Test("There and back again is the opposite way") func opposite() async throws {
            let engine = try await engine()
            let there = try await engine.direction(.init(from: "red", to: "green", count: 20, seed: 1), named: "there")
            let back = try await engine.direction(.init(from: "green", to: "red", count: 20, seed: 1), named: "back")
            #expect(zip(there.vector, back.vector).allSatisfy { abs($0 + $1) < 1e-4 })
        }

        @Test("What the text tower cannot read or does not tell apart is refused") func refused() async throws {
            let engine = try await engine()
            func message(_ from: String?, _ to: String) async throws -> String {
                try await refusal { try await engine.direction(.init(from: from, to: to, count: 3, seed: 0), named: "x") }
            }
            #expect(try await message("red", "red").contains("no difference"))
            #expect(try await message(nil, String(repeating: "red green ", count: 60)).contains("longer than the text tower reads"))
            #expect(try await message(nil, "123").contains("no letters"))
        }

        @Test("A pack without a text tower says so") func withoutText() async throws {
            let engine = try await ReferencePack.square.engine()
            #expect(
                try await refusal { try await engine.direction(.init(to: "red", count: 3, seed: 0), named: "x") }.contains(
                    "the pack has no"))
        }

        @Test("A direction can be stopped between batches of texts") func stopping() async throws {
            let engine = try await engine()
            let task = Task {
                try await engine.direction(.init(to: "red", count: 100, seed: 0), named: "x") { _ in withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
        }

        @Test("The features along a direction come closest first, with the sign of their part") func decomposition() async throws {
            let pipeline = try Pipeline(Pack(pack), device: .cpu, dataType: .float32)
            let row = try pipeline.autoencoder.directions.narrowed(0, from: 7, length: 1) * -3
            let engine = try await engine()
            let found = try await engine.features(along: Direction(name: "seven", vector: row.floats()), count: 5)
            #expect(found.count == 5 && found[0].feature == 7 && abs(found[0].score + 1) < 1e-5)
            #expect(found.map { abs($0.score) } == found.map { abs($0.score) }.sorted(by: >))
            #expect(
                try await refusal { try await engine.features(along: Direction(name: "short", vector: [1]), count: 1) }.contains(
                    "has 1 numbers"))
        }
    }
}
