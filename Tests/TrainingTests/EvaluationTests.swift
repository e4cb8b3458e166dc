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
        #expect(found.best == .init(feature: 1, threshold: 3, typical: 3) && found.group == [found.best])
        let place = try #require(choice.choices.firstIndex { $0.factor == .timeOfDay && $0.value == night })
        let right = try choice.scores(bank, features(bank, wrong: 0))[place]
        // It is always active, a little, so that being active says nothing.
        #expect(right.chosen == 1 && right.active < 0.6)
        #expect(try choice.scores(bank, features(bank, wrong: 6))[place].chosen < 1)
    }

    @Test("Where one feature says too little, the fewest others that say the rest stand beside it") func group() throws {
        let bank = try SceneBank(seed: 1, count: 200, side: 32)
        let nights = bank.scenes.map { $0.timeOfDay == .night }
        // Each of two features knows half of the nights; a third is active everywhere.
        let numbers = bank.scenes.indices.flatMap { place -> [Float] in
            [nights[place] && place.isMultiple(of: 2) ? 2 : 0, nights[place] && !place.isMultiple(of: 2) ? 4 : 0, 1]
        }
        let choice = try FeatureChoice(bank, Tensor(numbers, shape: [bank.count, 3]))
        let found = try #require(choice.choice(.timeOfDay, Scene.TimeOfDay.allCases.count - 1))
        #expect(Set(found.group.map(\.feature)) == [0, 1])
        // Typical of all nights, so that both together add up to what one night has on average.
        let halves = found.group.sorted { $0.feature < $1.feature }.map(\.typical)
        #expect(abs(halves[0] / 2 + halves[1] / 4 - 1) < 1e-5)
        #expect(choice.active == [0, 1, 2])
    }

    @Test("A part is measured once, and anew where it cannot be read or anything that it depends on has changed") func journal() throws {
        try withTemporaryFolder { folder in
            let (output, reader) = (folder.appendingPathComponent("metrics.json"), folder.appendingPathComponent("reader.safetensors"))
            try Data("weights".utf8).write(to: reader)
            var count = 0
            func measure(_ settings: Evaluation.Settings = .init()) throws -> EvaluationJournal {
                let journal = try EvaluationJournal(
                    beside: output, pack: folder.appendingPathComponent("pack"), reader: reader, settings: settings)
                let figure = try journal.part("a part") {
                    count += 1
                    return try Measurement(meanOf: [7])
                }
                #expect(figure.value == 7)
                return journal
            }
            _ = try measure()
            _ = try measure()
            #expect(count == 1)
            let parts = output.appendingPathExtension("parts")
            try Data("{".utf8).write(to: parts.appendingPathComponent("a part.json"))
            _ = try measure()
            #expect(count == 2)
            try Data("other weights".utf8).write(to: reader)
            _ = try measure()
            #expect(count == 3)
            try measure(.init(scenes: 3)).close()
            #expect(count == 4 && !FileManager.default.fileExists(atPath: parts.path))
        }
    }

    @Test("A reading's most probable value, its change to another and its odds") func readings() {
        func reading(_ count: [Double]) -> FactorReading { FactorReading(probabilities: [.count: count]) }
        let (one, other) = (reading([0.7, 0.2, 0.1]), reading([0.2, 0.3, 0.5]))
        #expect(one[.count] == 0 && other[.count] == 2)
        #expect(abs(one.change(of: .count, to: other) - 0.5) < 1e-12)
        #expect(one.change(of: .count, to: one) == 0)
        #expect(abs(other.logOdds(of: 2, .count)) < 1e-12)
        #expect(reading([1, 0, 0]).logOdds(of: 0, .count).isFinite)
    }

    @Test("Rank correlation sees order alone, and equal numbers share their rank") func ranks() {
        #expect(abs(rankCorrelation([1, 2, 3, 4], [0, 1, 10, 1000]) - 1) < 1e-12)
        #expect(abs(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1]) + 1) < 1e-12)
        #expect(rankCorrelation([1, 2, 3], [5, 5, 5]) == 0)
        // By hand: ranks 1.5, 1.5, 3 against 1, 2, 3.
        #expect(abs(rankCorrelation([7, 7, 9], [1, 2, 3]) - 0.75.squareRoot()) < 1e-12)
    }

    @Test("Principal directions are those of largest variance, and the one on which a property stands out points at it") func principal()
        throws
    {
        let random = try Generator(seed: 7)
        let scale = try Tensor([1, 5, 2] as [Float], shape: [1, 3])
        let embeddings = try random.normal([2000, 3]) * scale + 1
        let rows = try PrincipalDirections(embeddings, count: 3).rows.floats().map { abs($0) }
        for (place, axis) in [1, 2, 0].enumerated() { #expect(rows[place * 3 + axis] > 0.99, "\(rows)") }
        let mean = try Tensor([-3, 1, 1] as [Float], shape: [1, 3])
        let direction = try PrincipalDirections(embeddings, count: 3)
            .towards(mean, from: Tensor.ones([1, 3]), among: embeddings).floats()
        #expect(direction[0] < -0.99)
        #expect(throws: TrainingError.self) { try PrincipalDirections(Tensor.ones([4, 3]), count: 2) }
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
