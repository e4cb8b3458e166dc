import Foundation
import Scenes
import Steering
import Testing

@testable import Training

@Suite("What pictures borrow") struct BorrowingTests {
    @Test(
        "A strip counts when the answer goes from one value to the other without turning back",
        arguments: [
            ([0.9, 0.6, 0.1], [0.05, 0.3, 0.8], true), ([0.9, 0.6, 0.1], [0.05, 0.055, 0.05], false),
            ([0.9, 0.1, 0.5], [0.0, 0.9, 0.6], false),
            ([0.2, 0.1], [0.5, 0.9], false), ([], [], false),
        ] as [([Double], [Double], Bool)]) func monotone(from: [Double], to: [Double], expected: Bool)
    {
        let strip = PackFigures.DirectionStrip(
            factor: "border", from: "white", to: "gold", reach: 1, fromProbability: from, toProbability: to)
        #expect(strip.isMonotone == expected)
    }

    @Test("A strip ends at the nearest place where the answer is as sure as it gets")
    func end() {
        #expect(Evaluation.end(of: [(0.25, 0.1), (0.5, 0.9), (0.75, 0.4)]) == 0.5)
        #expect(Evaluation.end(of: [(0.25, 0.1), (0.5, 0.97), (0.75, 0.98), (1, 0.98)]) == 0.5)
        #expect(Evaluation.end(of: [(0.25, -0.9), (0.5, -0.8), (0.75, -0.5)]) == 0.75)
    }

    @Test("Directions in the drawn world say every value in the captions' words") func words() throws {
        let vocabulary = Set(Captioner.vocabulary)
        for factor in Factor.allCases {
            for value in factor.values.indices {
                let next = (value + 1) % factor.values.count
                let definition = Direction.Definition(
                    from: DirectionTemplates.worldPhrase(factor, value), to: DirectionTemplates.worldPhrase(factor, next), count: 20,
                    seed: 1)
                let texts = try DirectionTexts(definition, .world)
                let words = Set((texts.from + texts.to).flatMap { $0.split { " ,".contains($0) }.map(String.init) })
                #expect(words.isSubset(of: vocabulary), "\(words.subtracting(vocabulary))")
                #expect(zip(texts.from, texts.to).allSatisfy { $0 != $1 })
            }
        }
    }

    @Test("A word that no list has still makes texts") func otherWords() throws {
        let texts = try DirectionTexts(Direction.Definition(from: "day", to: "night", count: 20, seed: 1), .world)
        #expect(texts.to.allSatisfy { $0.contains("night") } && Set(texts.to).count > 5)
    }
}
