import Foundation
import Pictures
import Steering
import TestSupport
import Testing

/// What the repository's Examples hold, used as a reader would.
@Suite("Examples") struct ExampleTests {
    /// The features of a pack as its `features.json` has them.
    private struct Published: Decodable {
        struct Feature: Decodable {
            let index: Int
            let label: String
        }

        let features: [Feature]
    }

    @Test("The Swift example raises a feature by its label; an unknown label is said") func steering() throws {
        let folder = try TemporaryFolder()
        let output = folder.url.appendingPathComponent("night.png")
        let sample = try #require(Program.samples.first)
        let example = #"exec "$(dirname "$0")/SteeringExample" "$@""#
        #expect(try Program.run([sample, "night", output.path], shell: example).code == 0)
        let (before, after) = (try Picture(contentsOf: URL(fileURLWithPath: sample)), try Picture(contentsOf: output))
        #expect(after.width == before.width && after.height == before.height && after != before)

        let unknown = try Program.run([sample, "no such label", output.path], shell: example)
        #expect(unknown.code == 1 && String(decoding: unknown.output, as: UTF8.self).contains("no such label"))
    }

    @Test("The example recipe says what its names say, and applies to any picture") func recipe() throws {
        let folder = try TemporaryFolder()
        let file = Program.root.appendingPathComponent("Examples/recipe.json")
        let recipe = try Recipe(data: Data(contentsOf: file), name: "recipe.json")
        let features = try JSONDecoder().decode(
            Published.self, from: Data(contentsOf: URL(fileURLWithPath: "\(Program.demo)/features.json"))
        ).features
        let labels = Dictionary(uniqueKeysWithValues: features.map { ($0.index, $0.label) })
        #expect(recipe.edits.map { labels[$0.target ?? -1] } == ["night", "rain weather", "one object"])
        let outcome = try Program.run("apply", file.path, try #require(Program.samples.last), "-o", folder.url.path)
        #expect(outcome.code == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
    }
}
