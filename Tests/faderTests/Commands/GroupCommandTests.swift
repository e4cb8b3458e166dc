import Foundation
import Pictures
import Steering
import Testing

@Suite("fader groups and directions", .serialized) struct GroupCommandTests {
    private let pack: BrokenPack
    private let sample: String

    init() throws {
        pack = try BrokenPack("pack.json") { $0 }
        sample = try #require(Program.samples.first)
    }

    private func groups(_ arguments: String...) throws -> [FeatureGroup] {
        let outcome = try Program.run(["groups"] + arguments + ["--json", "--pack", pack.path])
        #expect(outcome.code == 0 && outcome.complaint.isEmpty)
        return try JSONDecoder().decode([FeatureGroup].self, from: outcome.output)
    }

    @Test("A picture's groups are printed, kept on request, split, and forgotten") func keeping() throws {
        #expect(try groups(sample, "--count", "3").count == 3)
        #expect(try groups("list").isEmpty)
        let found = try groups(sample, "--count", "2", "--save")
        #expect(Set(try groups("list").map(\.name)) == Set(found.map(\.name)))
        let name = try #require(found.first { $0.members.count > 1 }?.name)
        #expect(try Program.run("groups", "split", name, "--pack", pack.path).code == 0)
        let names = try groups("list").map(\.name)
        #expect(names.contains("\(name) 1") && names.contains("\(name) 2") && !names.contains(name))
        #expect(try Program.run("groups", "remove", "\(name) 1", "--pack", pack.path).code == 0)
        try Program.run("groups", "remove", "\(name) 1", "--pack", pack.path).expectOneSentence()
    }

    @Test("The features most like some others can be kept with them as a group") func likeness() throws {
        let outcome = try Program.run("groups", "like", "3", "5", "-n", "4", "--save", "alike", "--pack", pack.path)
        #expect(outcome.code == 0)
        #expect(try groups("list").first?.members.map(\.feature).prefix(2) == [3, 5])
        #expect(try groups("list").first?.members.count == 6)
        try Program.run("groups", "like", "99999", "--pack", pack.path).expectOneSentence()
    }

    @Test("A pack without a text tower makes no directions, and says so in one sentence") func noText() throws {
        try? FileManager.default.removeItem(atPath: "\(pack.path)/prior/tokenizer")
        try Program.run("directions", "make", "day", "night", "--pack", pack.path).expectOneSentence()
        let listed = try Program.run("directions", "list", "--json", "--pack", pack.path)
        #expect(listed.code == 0 && String(decoding: listed.output, as: UTF8.self) == "[]\n")
        try Program.run("directions", "show", "day-night", "--pack", pack.path).expectOneSentence()
    }

    @Test(
        "Two phrases make a direction, which is listed, taken apart, laid out as a strip, and forgotten",
        .enabled(if: FileManager.default.fileExists(atPath: "\(Program.demo)/prior/tokenizer"), "The demo pack has no text tower.")
    ) func directions() throws {
        #expect(try Program.run("directions", "make", "red", "blue", "--count", "20", "--pack", pack.path).code == 0)
        let listed = try Program.run("directions", "list", "--pack", pack.path)
        #expect(String(decoding: listed.output, as: UTF8.self).contains("red-blue"))
        #expect(try Program.run("directions", "show", "red-blue", "-n", "3", "--json", "--pack", pack.path).code == 0)
        let output = URL(fileURLWithPath: pack.path).appendingPathComponent("strip.png").path
        let strip = ["strip", sample, "--direction", "red-blue", "--count", "2", "--steps", "2", "-o", output, "--pack", pack.path]
        #expect(try Program.run(strip).code == 0)
        let steered = URL(fileURLWithPath: pack.path).appendingPathComponent("steered.png")
        let render = ["render", sample, "--direction", "red-blue=1.5", "--steps", "2", "-o", steered.path, "--pack", pack.path]
        #expect(try Program.run(render).code == 0)
        let text = try #require(Picture.pngText(in: Data(contentsOf: steered))[Recipe.pngKeyword])
        let recipe = try Recipe(data: Data(text.utf8), name: steered.path)
        #expect(recipe.stack.edits.map { [$0.direction?.name, "\($0.value)"] } == [["red-blue", "1.5"]])
        #expect(try Program.run("directions", "remove", "red-blue", "--pack", pack.path).code == 0)
        try Program.run(strip).expectOneSentence()
        try Program.run(render).expectOneSentence()
    }
}
