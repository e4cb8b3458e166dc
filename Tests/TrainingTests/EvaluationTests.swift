import Foundation
import Networks
import Scenes
import Tensors
import Testing

@testable import Training

@Suite("Measuring a pack", .serialized) struct EvaluationTests {
    init() throws { try Libtorch.setThreads(1) }

    @Test("A mean has an interval as wide as chance makes it") func interval() throws {
        let coin = try Measurement(meanOf: (0..<400).map { Double($0 % 2) })
        #expect(coin.value == 0.5)
        // Two standard errors of a fair coin thrown 400 times.
        #expect(abs(coin.low - 0.45) < 0.01 && abs(coin.high - 0.55) < 0.01)
        let certain = try Measurement(meanOf: [3, 3, 3])
        #expect([certain.low, certain.value, certain.high] == [3, 3, 3])
        #expect(throws: TrainingError.self) { try Measurement(meanOf: []) }
    }

    @Test("A figure that falls with the mean has its ends in order") func falling() throws {
        let figure = try Measurement(meanOf: [0.001, 0.002, 0.004, 0.003], transform: decibels)
        #expect(figure.low < figure.value && figure.value < figure.high)
        #expect(abs(figure.value - 26.0206) < 1e-3)
    }

    @Test("A probe reads what is linear in embeddings, on others than it was fitted to") func probe() throws {
        let random = try Generator(seed: 3)
        let labels = try random.integers(below: 3, [600])
        let means = try random.normal([3, 8]) * 4
        let embeddings = try means.selecting(labels) + random.normal([600, 8]) * 0.1
        let probe = try LinearProbe(
            embeddings.narrowed(0, from: 0, length: 300), labels.narrowed(0, from: 0, length: 300), values: 3)
        let hits = try probe.hits(embeddings.narrowed(0, from: 300, length: 300), labels.narrowed(0, from: 300, length: 300))
        #expect(hits.count == 300 && hits.reduce(0, +) > 295)
    }

    @Test("The feature of a value is chosen with its threshold and typical activation, and scored on other scenes") func choice() throws {
        let bank = try SceneBank(seed: 1, count: 60, side: 32)
        let night = Scene.TimeOfDay.allCases.count - 1
        func features(_ bank: SceneBank, wrong: Int) throws -> Tensor {
            let numbers = bank.scenes.enumerated().flatMap { place, scene -> [Float] in
                let isNight = (scene[.timeOfDay] == night) != (place < wrong)
                return [0.5, isNight ? 3 : 1]
            }
            return try Tensor(numbers, shape: [bank.count, 2])
        }
        let choice = try FeatureChoice(bank, features(bank, wrong: 0))
        let found = try #require(choice.choice(.timeOfDay, night))
        #expect(found.feature == 1 && found.threshold == 3 && found.typical == 3)
        let place = try #require(choice.choices.firstIndex { $0.factor == .timeOfDay && $0.value == night })
        #expect(try choice.scores(bank, features(bank, wrong: 0))[place] == 1)
        #expect(try choice.scores(bank, features(bank, wrong: 6))[place] < 1)
    }

    @Test("The factor reader learns four scenes") func reader() throws {
        let bank = try SceneBank(seed: 1, count: 4, side: 32)
        let trainer = try ReaderTrainer(bank: bank, heldOut: bank, batch: 8, seed: 1)
        let optimiser = try AdamW(trainer.parameters.map(\.tensor))
        for step in 0..<60 {
            try trainer.loss(step: step, progress: 0).backward()
            try optimiser.update(learningRate: 3e-3)
        }
        let figures = try Tensor.withoutGradients { try trainer.evaluate() }
        #expect(Factor.allCases.allSatisfy { figures[$0.rawValue] == 1 })
    }
}
