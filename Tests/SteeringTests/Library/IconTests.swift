import Foundation
import Pictures
import Steering
import TestSupport
import Testing

extension TorchTests {
    @Suite("Icons of features")
    struct IconTests {
        @Test("An icon is the template made again with its feature alone set to its value") func icons() async throws {
            let folder = try TemporaryFolder()
            let copy = try ReferencePack.square.copy(in: folder)
            let description = #"{"steps": 3, "invertSteps": 4, "iconTemplate": "template.png", "iconValues": [0, 20]}"#
            try Data(description.utf8).write(to: copy.appendingPathComponent("pack.json"))
            let template = try ReferencePack.square.picture
            try template.write(toPNG: copy.appendingPathComponent("template.png"))
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(copy)

            let other = try ReferencePack.portrait.picture
            let listed = try await engine.preprocess(other, features: 2, icons: true, invertSteps: 4).features
            #expect(listed.count == 2)
            let numbers = try await engine.preprocess(template, features: 1, invertSteps: 4)
            for feature in listed {
                var expected: [String] = []
                for value in [0, 20] as [Float] {
                    let request = try RequestFile(
                        embeddings: numbers.embeddings, latents: numbers.latents, features: [feature.idx], values: [value],
                        height: numbers.height, width: numbers.width
                    ).request()
                    expected.append(try await engine.generate(request, steps: 3, guidance: 1).dataURI)
                }
                #expect(feature.icon == expected)
            }
        }

        @Test("Without being asked for there are none, and no more features than the pack has") func withoutIcons() async throws {
            let pack = ReferencePack.square
            let numbers = try await pack.engine().preprocess(pack.picture, features: 1000, invertSteps: 1)
            #expect(numbers.features.count == 64)
            #expect(numbers.features.allSatisfy { $0.icon.isEmpty })
        }
    }
}
