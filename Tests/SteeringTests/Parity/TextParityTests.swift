import Foundation
import Pictures
import Tensors
import TestSupport
import Testing

@testable import Diffusion
@testable import Networks
@testable import Steering

extension TorchTests {
    /// From a text to the embedding of a picture, against transformers and diffusers.
    @Suite("Text networks equal their references")
    struct TextParityTests {
        private let folder: TemporaryFolder
        private let pack: Pack

        init() throws {
            try Libtorch.setThreads(1)
            folder = try TemporaryFolder()
            pack = try Pack(TextReference.pack(in: folder))
        }

        private func rows(_ name: String) throws -> [[Int]] {
            let tensor = try TextReference.expected(name)
            let (values, width) = (try tensor.integers(), tensor.size(1))
            return (0..<tensor.size(0)).map { Array(values[$0 * width..<($0 + 1) * width]) }
        }

        @Test("The text tower's states and embeddings") func tower() throws {
            let tower = try pack.textTower(as: .float32, on: .cpu)
            #expect(tower.configuration.pooling == .greatest)
            let found = try Tensor.inference { try tower(rows("tower.tokens")) }
            #expect(try relativeError(found.states, TextReference.expected("tower.states")) < 1e-4)
            #expect(try relativeError(found.embedding, TextReference.expected("tower.embedding")) < 1e-4)
        }

        @Test("Both ways to find the end of a text") func pooling() throws {
            let config = try pack.folder(of: .textEncoder).appendingPathComponent("config.json")
            let tokens = try rows("probe.tokens")
            let greatest = try pack.textTower(as: .float32, on: .cpu)(tokens).embedding
            #expect(try relativeError(greatest, TextReference.expected("probe.greatest")) < 1e-4)
            let json = try String(contentsOf: config, encoding: .utf8)
            let changed = json.replacingOccurrences(
                of: #""eos_token_id": 2"#, with: #""eos_token_id": \#(try TextReference.facts.endProbe)"#)
            #expect(changed != json)
            try Data(changed.utf8).write(to: config)
            let first = try pack.textTower(as: .float32, on: .cpu)(tokens).embedding
            #expect(try relativeError(first, TextReference.expected("probe.first")) < 1e-4)
        }

        @Test("The prior's prediction at timestep 500, with padding and without") func prior() throws {
            let prior = try pack.prior(as: .float32, on: .cpu)
            let end = try #require(try rows("tower.tokens").first?.last)
            let counts = try rows("tower.tokens").map { ($0.firstIndex(of: end) ?? 0) + 1 }
            let encoding = PromptEncoding(
                states: try TextReference.expected("tower.states"), embedding: try TextReference.expected("tower.embedding"), counts: counts
            )
            #expect(counts.contains(77) && counts.contains(2))
            let found = try Tensor.inference {
                try prior(TextReference.expected("prior.noisy"), timestep: 500, prior.condition(encoding))
            }
            #expect(try relativeError(found, TextReference.expected("prior.prediction")) < 1e-4)
        }

        @Test(
            "The prior's schedule, with noise that is given",
            arguments: [
                ("sample", PriorSchedule(clipRange: 10)), ("clamped", PriorSchedule(clipRange: 0.5)),
                ("epsilon", PriorSchedule(clipRange: 1, predictsNoise: true)),
                ("free", PriorSchedule(timesteps: 60, clipRange: nil, predictsNoise: true)),
            ]) func schedule(name: String, schedule: PriorSchedule) throws
        {
            let generator = try Generator(seed: 9)
            func noise() throws -> Tensor { try generator.normal([2, 5]) }
            let sampling = try schedule.sampling(noise(), steps: 7, with: { try ($0 * 3 + Double($1) / 1000).sin() }, noise: noise)
            var done: [Int] = []
            while let count = try sampling.advance() { done.append(count) }
            #expect(try relativeError(sampling.embeddings, TextReference.expected("schedule.\(name)")) < 1e-4)
            #expect(done == [1, 2, 3, 4, 5, 6, 7])
        }

        @Test(
            "The image embedding of a prompt and the one that guidance leads away from",
            arguments: ["plain", "unguided", "negative", "long"])
        func prompt(name: String) throws {
            let request = try #require(TextReference.facts.prompts[name]).request
            let pipeline = try Pipeline(pack, device: .cpu, dataType: .float32)
            let found = try Tensor.inference {
                let sampling = try PromptSampling(request, pipeline)
                while try sampling.advance() != nil {}
                return try sampling.embeddings()
            }
            let negative = try Tensor.inference { try found.negative ?? pipeline.unconditionalEmbedding() }
            #expect(try relativeError(found.picture, TextReference.expected("prompt.\(name).image_embeds")) < 1e-4)
            #expect(try relativeError(negative, TextReference.expected("prompt.\(name).negative_image_embeds")) < 1e-4)
        }

        @Test("The number of the prior's steps must make sense", arguments: [-1, 0, 1, 1001]) func steps(count: Int) {
            #expect(throws: NetworkError.self) { try PriorSchedule().steps(count) }
        }

        @Test("What the text networks cannot take is refused") func refusals() throws {
            let tower = try pack.textTower(as: .float32, on: .cpu)
            for texts in [[], [[]], [[1, 2], [1]], [[Int](repeating: 1, count: 78)], [[914]], [[-1]]] {
                #expect(throws: NetworkError.self) { try tower(texts) }
            }
            let prior = try pack.prior(as: .float32, on: .cpu)
            let short = PromptEncoding(states: try .ones([1, 76, 24]), embedding: try .ones([1, 24]), counts: [3])
            #expect(throws: NetworkError.self) { try prior.condition(short) }
            let encoding = PromptEncoding(states: try .ones([1, 77, 24]), embedding: try .ones([1, 24]), counts: [3])
            #expect(throws: NetworkError.self) { try prior(.ones([2, 24]), timestep: 1, prior.condition(encoding)) }
            #expect(throws: NetworkError.self) { try prior.predictor(for: encoding, guidance: 2) }
        }
    }
}
