import Foundation
import Pictures
import Steering
import TestSupport
import Testing

@Suite("fader transfer", .serialized) struct TransferCommandTests {
    private let folder: TemporaryFolder
    private let samples = Program.samples

    init() throws { folder = try TemporaryFolder() }

    private var output: String { folder.url.appendingPathComponent("out.png").path }

    private func recipe() throws -> Recipe {
        let text = try Picture.pngText(in: Data(contentsOf: URL(fileURLWithPath: output)))[Recipe.pngKeyword]
        return try Recipe(data: Data(try #require(text).utf8), name: output)
    }

    @Test("Without a picture to make, what two pictures do not share is listed") func listing() throws {
        struct Row: Decodable {
            let index: Int
            let target, donor, effect: Float
        }
        let outcome = try Program.run("transfer", samples[0], "--from", samples[1], "--json", "-n", "5")
        let rows = try JSONDecoder().decode([Row].self, from: outcome.output)
        #expect(rows.count == 5 && rows.allSatisfy { $0.target != $0.donor })
        #expect(rows.map { abs($0.effect) } == rows.map { abs($0.effect) }.sorted(by: >))
        let same = try Program.run("transfer", samples[0], "--from", samples[0])
        #expect(same.code == 0 && String(decoding: same.output, as: UTF8.self).split(separator: "\n").count == 1)
    }

    @Test("Chosen features become the donor's, in a group with the strength, and the recipe is saved as well") func copying() throws {
        let listed = try Program.run("transfer", samples[0], "--from", samples[1], "--json", "-n", "2")
        struct Row: Decodable {
            let index: Int
            let donor: Float
        }
        let rows = try JSONDecoder().decode([Row].self, from: listed.output)
        let saved = folder.url.appendingPathComponent("recipe.json")
        let outcome = try Program.run(
            "transfer", samples[0], "--from", samples[1], "--features", rows.map { String($0.index) }.joined(separator: ","), "--strength",
            "0.5", "-o", output, "--save-recipe", saved.path)
        #expect(outcome.code == 0 && outcome.complaint.isEmpty)
        let recipe = try recipe()
        #expect(recipe.edits.map(\.target) == rows.map(\.index) && recipe.edits.map(\.value) == rows.map(\.donor))
        #expect(recipe.groups?.map(\.strength) == [0.5] && recipe.edits.allSatisfy { $0.kind == .set })
        #expect(try Recipe(data: Data(contentsOf: saved), name: "recipe.json") == recipe)
    }

    @Test("The difference of two donors is added") func difference() throws {
        #expect(
            try Program.run("transfer", samples[0], "--from", samples[1], "--minus", samples[2], "--above", "1", "-o", output).code == 0)
        let recipe = try recipe()
        #expect(!recipe.edits.isEmpty && recipe.edits.allSatisfy { $0.kind == .add })
    }

    @Test("A donor that cannot be read, and a feature that is not there, end in one sentence and make nothing") func refused() throws {
        for arguments in [["--from", "/nowhere/donor.png"], ["--from", "Package.swift"], ["--from", samples[1], "--features", "99999"]] {
            try Program.run(["transfer", samples[0]] + arguments + ["-o", output]).expectOneSentence()
        }
        #expect(try folder.names.isEmpty)
    }

    @Test(
        "Contradictions are bad usage",
        arguments: [
            ["--all", "--above", "1"], ["--features", "1,-2"], ["--features", "-1"], ["--above", "-1"], ["--save-recipe", "r.json"],
        ])
    func usage(arguments: [String]) throws {
        #expect(try Program.run(["transfer", samples[0], "--from", samples[1]] + arguments).code == 2)
    }
}
