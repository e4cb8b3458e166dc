import Foundation
import Randomness
import Testing

@testable import Scenes

@Suite("Scenes and their factors") struct SceneTests {
    @Test("The generator is SplitMix64") func generatorIsSplitMix64() {
        // The first numbers of the published reference implementation (prng.di.unimi.it/splitmix64.c) for the seed 1234567.
        var random = SplitMix64(seed: 1_234_567)
        let numbers = (0..<3).map { _ in random.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test("Seed and index give the same scene each time, and other seeds and indices another") func scenesAreReproducible() {
        #expect(Scene(seed: 7, index: 41) == Scene(seed: 7, index: 41))
        #expect(Scene(seed: 7, index: 41) != Scene(seed: 7, index: 42))
        #expect(Scene(seed: 7, index: 41) != Scene(seed: 8, index: 41))
        #expect(Scene(seed: .max, index: .max) != Scene(seed: .max, index: .min))
    }

    @Test("Every value of a factor is drawn equally often", arguments: Factor.allCases) func factorsAreUniform(_ factor: Factor) {
        let scenes = 4_000
        var tally = Array(repeating: 0.0, count: factor.values.count)
        for index in 0..<scenes { tally[Scene(seed: 11, index: index)[factor]] += 1 }
        let expected = Double(scenes) / Double(tally.count)
        let chiSquare = tally.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
        // Even with 11 degrees of freedom, chance exceeds 35 less than once in 4,000 times.
        #expect(chiSquare < 35)
        #expect(tally.allSatisfy { $0 > 0 })
    }

    @Test("Two factors are drawn independently of each other") func factorsAreIndependent() {
        let scenes = 4_000
        for (first, second) in zip(Factor.allCases, Factor.allCases.dropFirst()) {
            let cells = first.values.count * second.values.count
            var tally = Array(repeating: 0.0, count: cells)
            for index in 0..<scenes {
                let scene = Scene(seed: 12, index: index)
                tally[scene[first] * second.values.count + scene[second]] += 1
            }
            let expected = Double(scenes) / Double(cells)
            let chiSquare = tally.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
            let freedom = Double(cells - 1)
            #expect(chiSquare < freedom + 5 * (2 * freedom).squareRoot(), "\(first) and \(second)")
        }
    }

    @Test("Setting one factor leaves all else as it was", arguments: Factor.allCases) func settingOneFactor(_ factor: Factor) {
        let original = Scene(seed: 3, index: 5)
        for value in factor.values.indices {
            var scene = original
            scene[factor] = value
            #expect(scene[factor] == value)
            scene[factor] = original[factor]
            #expect(scene == original)
        }
    }

    @Test("An index past either end wraps around") func indicesWrap() {
        var scene = Scene(seed: 3, index: 5)
        scene[.colour] = Factor.colour.values.count
        #expect(scene[.colour] == 0)
        scene[.colour] = -1
        #expect(scene.colour == .brown)
        scene[.colour] = .min
        #expect(Factor.colour.values.indices.contains(scene[.colour]))
        scene[.colour] = .max
        #expect(Factor.colour.values.indices.contains(scene[.colour]))
    }

    @Test("A scene survives JSON, and is written with the names of its values") func scenesAreCodable() throws {
        let scene = Scene(seed: 2, index: 9)
        let data = try JSONEncoder().encode(scene)
        #expect(try JSONDecoder().decode(Scene.self, from: data) == scene)
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        for factor in Factor.allCases {
            #expect(object[factor.rawValue] as? String == factor.values[scene[factor]])
        }
    }

    @Test("A scene with an unknown value is refused") func unknownValuesAreRefused() throws {
        let data = try JSONEncoder().encode(Scene(seed: 2, index: 9))
        let text = String(decoding: data, as: UTF8.self)
        let broken = text.replacing(#""timeOfDay":""#, with: #""timeOfDay":"un"#)
        #expect(broken != text)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Scene.self, from: Data(broken.utf8)) }
    }
}
