import Networks
import Scenes
import Tensors
import Testing

@testable import Training

/// Parameters given by name.
private final class GivenSource: ParameterSource {
    let given: [String: Tensor]
    let weightsMayChange = false
    init(_ given: [String: Tensor]) { self.given = given }
    func contains(_ name: String) -> Bool { given[name] != nil }
    func parameter(_ name: String, shape: [Int], initially: Initialisation, channelsLast: Bool) throws -> Tensor {
        try #require(given[name])
    }
}

@Suite("Naming features", .serialized) struct FeatureTests {
    @Test("A feature is named after the value that it separates, with its F1 and its statistics") func naming() throws {
        let scenes = (0..<300).map { Scene(seed: 2, index: $0) }
        // The embedding says how strongly it is night, and a number that means nothing.
        let isNight = scenes.map { Float($0.timeOfDay == .night ? 1 : 0) }
        let noise = try Generator(seed: 1).uniform([300]).floats()
        let embeddings = try Tensor(zip(isNight, noise).flatMap { [$0, $1] }, shape: [300, 2])
        let source = GivenSource([
            "encoder.weight": try Tensor([4, 0.5, 0, 1, 0, 0] as [Float], shape: [3, 2]),
            "enc_bias": try Tensor([-0.1, -0.5, -1] as [Float], shape: [3]),
            "decoder.weight": try Tensor([3, 0, 0, 4, 1, 0] as [Float], shape: [2, 3]), "dec_bias": try Tensor.zeros([2]),
        ])
        let found = try FactorNaming(scenes).statistics(SparseAutoencoder(Weights(source), count: 3, width: 2), embeddings)
        #expect(found.map(\.index) == [0, 1])
        #expect(found[0].label == "night")
        #expect(found[0].score == 1)
        #expect(found[0].norm == 5)
        #expect(abs(found[0].maximum - Double(3.9 + 0.5 * (zip(isNight, noise).filter { $0.0 == 1 }.map(\.1).max() ?? 0))) < 1e-5)
        #expect(found[1].label.hasPrefix("unclear, most like ") && found[1].score < FactorNaming.clearScore)
        #expect(abs(found[1].density - Double(noise.filter { $0 > 0.5 }.count) / 300) < 1e-9)
    }

    @Test("F1 takes the best threshold") func threshold() {
        let scenes = (0..<400).map { Scene(seed: 2, index: $0) }
        let boats = scenes.indices.filter { scenes[$0].subject == .boat }
        let others = scenes.indices.filter { scenes[$0].subject != .boat }
        // All boats but one first, then everything else: precision 1, recall (n − 1) / n.
        let best = FactorNaming(scenes).separation(of: boats.dropLast() + others)
        #expect(best.phrase == "boat" && best.count == boats.count - 1)
        let recall = Double(boats.count - 1) / Double(boats.count)
        #expect(abs(best.score - 2 * recall / (1 + recall)) < 1e-9)
    }

    @Test("A feature that is active for two values of a factor is named after both") func twoValues() {
        let scenes = (0..<400).map { Scene(seed: 2, index: $0) }
        let ranked = scenes.indices.filter { [.red, .pink].contains(scenes[$0].colour) }
        let best = FactorNaming(scenes).separation(of: ranked)
        #expect(best.score == 1 && best.phrase == "red or pink")
    }

    @Test("A feature that tells where objects stand beside their usual place is named after that") func placement() {
        let scenes = (0..<400).map { Scene(seed: 2, index: $0) }
        func name(_ isPresent: (Scene) -> Bool) -> String {
            FactorNaming(scenes).separation(of: scenes.indices.filter { isPresent(scenes[$0]) }).phrase
        }
        #expect(name { $0.placement.down > 0 } == "slightly lower")
        #expect(name { $0.placement.right < 0 } == "slightly left")
        #expect(name { $0.placement.isFlipped && $0.count != .one } == "mirrored group")
    }

    @Test("A sharpened feature is active when its meaning is there and only then, and explains no less") func sharpening() throws {
        let scenes = (0..<600).map { Scene(seed: 2, index: $0) }
        // Night and snow are directions of their own, told by encoder rows that each see a little of the other.
        let (isNight, isSnow) = (scenes.map { $0.timeOfDay == .night }, scenes.map { $0.ground == .snow })
        let noise = try Generator(seed: 1).uniform([600]).floats()
        let numbers = scenes.indices.flatMap { [isNight[$0] ? 3 + noise[$0] : 0, isSnow[$0] ? 2 + noise[$0] : 0, 1 as Float] }
        let embeddings = try Tensor(numbers, shape: [600, 3])
        let trained = SparseTrainer.Trained(
            encoder: try Tensor([1, 0.3, 0, 0.3, 1, 0, 0, 0, -1] as [Float], shape: [3, 3]),
            decoder: try Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1] as [Float], shape: [3, 3]), encoderBias: try Tensor.zeros([3]), threshold: 0)
        let tensors = try Tensor.withoutGradients { try FeatureSharpening(scenes, embeddings).sharpened(trained) }
        let autoencoder = try SparseAutoencoder(
            Weights(GivenSource(Dictionary(uniqueKeysWithValues: tensors))), count: 3, width: 3, activation: .threshold(shape: [3]))
        let features = try autoencoder.encode(embeddings)
        let columns = try FeatureActivations(features).columns
        #expect(columns[0].map { $0 > 0 } == isNight && columns[1].map { $0 > 0 } == isSnow)
        // Never active, it keeps what it was.
        #expect(columns[2].allSatisfy { $0 == 0 })
        #expect(try autoencoder.directions.floats().suffix(3) == [0, 0, 1])
        #expect(try autoencoder.norms.floats().allSatisfy { abs($0 - 1) < 1e-5 })
        let left = try (autoencoder.decode(features, of: embeddings) - embeddings).squared().mean().item()
        #expect(left < 0.02, "\(left)")
    }

    @Test("No two factor values have the same words") func phrases() {
        let phrases = Factor.allCases.flatMap { factor in factor.values.indices.map(factor.phrase) }
        #expect(Set(phrases).count == phrases.count)
    }
}
