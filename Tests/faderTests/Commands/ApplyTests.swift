import Foundation
import Pictures
import Steering
import TestSupport
import Testing

@Suite("fader apply", .serialized) struct ApplyTests {
    private let folder: TemporaryFolder
    private let recipe: String

    init() throws {
        folder = try TemporaryFolder()
        var stack = EditStack()
        stack.append(feature: 5, value: 20)
        let written = Recipe(
            pack: .init(name: "demo", fingerprint: "ab12"), picture: .init(path: "a.png", content: Data()), sampling: Sampling(steps: 2),
            stack: stack)
        recipe = try folder.file("recipe.json", written.data()).path
    }

    private var output: String { folder.url.appendingPathComponent("made").path }

    private func recipe(of name: String) throws -> Recipe {
        let text = try Picture.pngText(in: Data(contentsOf: URL(fileURLWithPath: output).appendingPathComponent(name)))[Recipe.pngKeyword]
        return try Recipe(data: Data(try #require(text).utf8), name: name)
    }

    @Test("Every picture is made with the recipe's edits, under its own name, and carries the recipe with itself as the picture")
    func pictures() throws {
        let samples = Array(Program.samples.prefix(2))
        let outcome = try Program.run(["apply", recipe] + samples + ["-o", output])
        #expect(outcome.code == 0 && outcome.complaint.isEmpty)
        #expect(String(decoding: outcome.output, as: UTF8.self) == "2 of 2 pictures are in \(output).\n")
        for sample in samples {
            let name = URL(fileURLWithPath: sample).lastPathComponent
            let made = try recipe(of: name)
            #expect(made.picture == Recipe.PictureReference(path: sample, content: try Data(contentsOf: URL(fileURLWithPath: sample))))
            #expect(made.edits.map(\.target) == [5] && made.steps == 2 && made.pack.fingerprint != "ab12")
        }
    }

    @Test("A picture that cannot be read is told and does not stop the others; the exit code is 1") func badPicture() throws {
        let broken = try folder.file("broken.png", [1, 2, 3]).path
        let sample = try #require(Program.samples.first)
        let outcome = try Program.run(["apply", recipe, broken, sample, "/nowhere/x.png", "-o", output])
        #expect(outcome.code == 1)
        #expect(String(decoding: outcome.output, as: UTF8.self) == "1 of 3 pictures are in \(output).\n")
        let complaints = outcome.complaint.split(separator: "\n")
        #expect(complaints.count == 2 && complaints[0].contains(broken) && complaints[1].contains("/nowhere/x.png"))
        _ = try recipe(of: URL(fileURLWithPath: sample).lastPathComponent)
    }

    @Test("Two pictures of one name get two files, and no picture is replaced by what is made of it") func names() throws {
        let first = try folder.file("house.png", Data(contentsOf: URL(fileURLWithPath: Program.samples[0]))).path
        let other = try TemporaryFolder()
        let second = try other.file("house.png", Data(contentsOf: URL(fileURLWithPath: Program.samples[1]))).path
        #expect(try Program.run("apply", recipe, first, second, "-o", output).code == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: output).sorted() == ["house-2.png", "house.png"])
        let before = try Data(contentsOf: URL(fileURLWithPath: first))
        let outcome = try Program.run("apply", recipe, first, "-o", folder.url.path)
        #expect(outcome.code == 1 && outcome.complaint.contains("would replace a picture"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: first)) == before)
    }

    @Test("Any number of pictures of any shapes are made") func manyShapes() throws {
        let sample = try Picture(contentsOf: URL(fileURLWithPath: Program.samples[0]))
        let sources = try TemporaryFolder()
        let paths = try (0..<13).map { number in
            let place = sources.url.appendingPathComponent("\(number).png")
            try sample.resized(width: 64 + 16 * (number % 7), height: 128 - 16 * (number % 5)).write(toPNG: place)
            return place.path
        }
        let outcome = try Program.run(["apply", recipe] + paths + ["-o", output])
        #expect(outcome.code == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: output).count == 13)
    }

    @Test("With --force a picture may be replaced by what is made of it, and no other one") func force() throws {
        let first = try folder.file("house.png", Data(contentsOf: URL(fileURLWithPath: Program.samples[0])))
        let before = try Data(contentsOf: first)
        #expect(try Program.run("apply", recipe, first.path, "-o", folder.url.path, "--force").code == 0)
        #expect(try Data(contentsOf: first) != before)
        let other = try TemporaryFolder()
        let namesake = try other.file("house.png", before)
        let outcome = try Program.run("apply", recipe, namesake.path, first.path, "-o", folder.url.path, "--force")
        #expect(outcome.code == 1 && outcome.complaint.contains("would replace a picture"), "\(outcome.complaint)")
    }

    @Test("What is no recipe, names features that are not there, or has no folder to go to ends in one sentence") func refused() throws {
        let sample = try #require(Program.samples.first)
        let strange = try folder.file("strange.json", Data(#"{"format": 1, "kind": "mix"}"#.utf8)).path
        try Program.run("apply", strange, sample, "-o", output).expectOneSentence()
        let text = try String(contentsOfFile: recipe, encoding: .utf8).replacingOccurrences(
            of: #""target" : 5"#, with: #""target" : 99999"#)
        let outside = try folder.file("outside.json", Data(text.utf8)).path
        let outcome = try Program.run("apply", outside, sample, "-o", output)
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("no feature 99999"))
        try Program.run("apply", recipe, sample, "-o", recipe).expectOneSentence()
    }
}
