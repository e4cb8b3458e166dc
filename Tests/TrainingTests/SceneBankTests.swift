import Scenes
import Tensors
import Testing

@testable import Training

@Suite("Training scenes", .serialized) struct SceneBankTests {
    @Test("A bank holds the pixels that its scenes draw") func pixels() throws {
        let bank = try SceneBank(seed: 3, count: 5, side: 32)
        let picture = try bank.bytes(Tensor([Int64(4)], shape: [1])).permuted([0, 2, 3, 1]).bytes()
        #expect(picture == Scene(seed: 3, index: 4).drawn(size: 32))
        let values = try bank.pictures(Tensor([Int64(4)], shape: [1])).permuted([0, 2, 3, 1]).floats()
        #expect(zip(values, picture).allSatisfy { abs($0 - (Float($1) / 127.5 - 1)) < 1e-6 })
    }

    @Test("Labels are the scenes' own") func labels() throws {
        let bank = try SceneBank(seed: 3, count: 40, side: 8)
        #expect(try bank.labels(.ground).integers() == bank.scenes.map { $0[.ground] })
    }

    @Test("What a step draws depends on the seed and the step alone") func steps() throws {
        func drawn(_ seed: UInt64, _ step: Int) throws -> [Int] {
            try stepGenerator(seed: seed, step: step).integers(below: 1 << 40, [4]).integers()
        }
        #expect(try drawn(1, 7) == drawn(1, 7))
        let different = try Set([drawn(1, 7), drawn(1, 8), drawn(2, 7), drawn(2, 6)])
        #expect(different.count == 4)
    }

    @Test("Batches of a bank cover it once, in order") func batches() throws {
        let bank = try SceneBank(seed: 3, count: 10, side: 8)
        #expect(try bank.batches(of: 4).map { try $0.integers() } == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    }
}
