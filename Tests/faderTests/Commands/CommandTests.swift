import Foundation
import Pictures
import Steering
import TestSupport
import Testing

@Suite("The commands on the demo pack", .serialized) struct CommandTests {
    private struct Row: Decodable {
        let index: Int
        let activation, effect, share: Float
    }

    private func features(of picture: String, count: Int) throws -> [Row] {
        let outcome = try Program.run("features", picture, "-n", String(count), "--json")
        #expect(outcome.code == 0, "\(outcome.complaint)")
        return try JSONDecoder().decode([Row].self, from: outcome.output)
    }

    @Test("features lists the strongest effects first") func listsFeatures() throws {
        let rows = try features(of: try #require(Program.samples.first), count: 5)
        #expect(rows.count == 5)
        #expect(rows.map(\.effect) == rows.map(\.effect).sorted(by: >))
        #expect(rows.allSatisfy { $0.activation > 0 && (0...1).contains($0.share) })
        let table = try Program.run("features", Program.samples[0], "-n", "5")
        #expect(String(decoding: table.output, as: UTF8.self).split(separator: "\n").count == 6)
        // How well the autoencoder reconstructs the picture is for people at a terminal; only a warning would stand among a script's errors.
        #expect(table.complaint.isEmpty)
    }

    @Test("render writes a picture that carries its recipe, and the recipe makes it again") func rendersAndRepeats() throws {
        let sample = try #require(Program.samples.first)
        let strongest = try #require(try features(of: sample, count: 1).first)
        let folder = try TemporaryFolder()
        let paths = ["plain", "edited", "again"].map { folder.url.appendingPathComponent("\($0).png").path }
        for arguments in [["-o", paths[0]], ["-o", paths[1], "--set", "\(strongest.index)=0"], ["-o", paths[2], "--recipe", paths[1]]] {
            let start = ["render", sample, "--steps", "5", "--start", "noise", "--seed", "7"]
            let outcome = try Program.run(start + arguments)
            #expect(outcome.code == 0, "\(outcome.complaint)")
        }
        let pictures = try paths.map { try Picture(contentsOf: URL(fileURLWithPath: $0)) }
        #expect(pictures[0] != pictures[1])
        #expect(pictures[1] == pictures[2])
        let text = try Picture.pngText(in: Data(contentsOf: URL(fileURLWithPath: paths[1])))
        let recipe = try Recipe(data: Data(try #require(text[Recipe.pngKeyword]).utf8), name: paths[1])
        #expect(recipe.edits.map(\.target) == [strongest.index])
        #expect(recipe.sampling == Sampling(steps: 5, guidance: 1, start: .noise(seed: 7)))
    }

    @Test("Without edits the picture comes back, and plainly inverted it comes back less well") func inversions() throws {
        let folder = try TemporaryFolder()
        let sample = try Picture(contentsOf: URL(fileURLWithPath: try #require(Program.samples.first)))
        let differences = try ["exact", "plain"].map { inversion in
            let output = folder.url.appendingPathComponent("\(inversion).png")
            let outcome = try Program.run("render", Program.samples[0], "-o", output.path, "--inversion", inversion, "--steps", "5")
            #expect(outcome.code == 0, "\(outcome.complaint)")
            let made = try Picture(contentsOf: output)
            #expect(made.width == sample.width && made.height == sample.height)
            return zip(made.pixels, sample.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        }
        #expect(differences[0] < differences[1])
    }

    @Test("The same seed gives the same file, byte for byte") func sameBytes() throws {
        let folder = try TemporaryFolder()
        let files = try ["first.png", "second.png"].map { name in
            let output = folder.url.appendingPathComponent(name)
            let start = ["render", Program.samples[0], "-o", output.path, "--steps", "3", "--start", "noise", "--seed", "42"]
            #expect(try Program.run(start).code == 0)
            return try Data(contentsOf: output)
        }
        #expect(files[0] == files[1])
    }

    @Test("What preprocess prints, generate takes") func preprocessThenGenerate() throws {
        let preprocessed = try Program.run("preprocess", try #require(Program.samples.first), "--invert-steps", "5")
        #expect(preprocessed.code == 0, "\(preprocessed.complaint)")
        var request = try #require(try JSONSerialization.jsonObject(with: preprocessed.output) as? [String: Any])
        let features = try #require(request["features"] as? [[String: Any]])
        #expect(features.count == 3)
        request["feature_idx"] = [try #require(features[0]["idx"] as? Int)]
        request["feature_val"] = [0]
        let generated = try Program.run("generate", "-", "--steps", "4", input: try JSONSerialization.data(withJSONObject: request))
        #expect(generated.code == 0, "\(generated.complaint)")
        let reply = try #require(try JSONSerialization.jsonObject(with: generated.output) as? [String: String])
        let uri = try #require(reply["images"])
        #expect(uri.hasPrefix("data:image/png;base64,"))
        let png = try #require(Data(base64Encoded: String(uri.dropFirst("data:image/png;base64,".count))))
        let picture = try Picture(data: png, name: "the picture")
        #expect([picture.width, picture.height] == [request["width"] as? Int, request["height"] as? Int])
    }

    @Test("Ctrl-C ends a render between two steps with exit code 130 and leaves no file") func interruption() throws {
        let folder = try TemporaryFolder()
        let (output, log) = (folder.url.appendingPathComponent("out.png").path, folder.url.appendingPathComponent("log"))
        let outcome = try Program.run(
            "render", try #require(Program.samples.first), "-o", output, "--steps", "1000", "--seed", "1", "--log", log.path,
            interruptedWhen: { (try? String(contentsOf: log, encoding: .utf8))?.contains("opened") == true })
        #expect(outcome.code == 130)
        #expect(try folder.names == ["log"])
    }

    @Test(
        "Bad usage exits with 2 and says how it is used",
        arguments: [
            ["render", "a.png"], ["features"], ["render", "a.png", "-o", "b.png", "--set", "x"], ["features", "a.png", "-n", "0"],
            ["generate", "--steps", "0"], ["nonsense", "a", "b"],
        ]) func badUsage(arguments: [String]) throws
    {
        let outcome = try Program.run(arguments)
        #expect(outcome.code == 2)
        #expect(outcome.complaint.contains("Usage: fader"))
        #expect(outcome.output.isEmpty)
    }

    @Test(
        "What cannot be done exits with 1 and one sentence that names the file",
        arguments: [
            (["features", "/nowhere/a.png"], "/nowhere/a.png"),
            (["features", "Package.swift"], "Package.swift"),
            (["features", "a.png", "--pack", "/nowhere/pack"], "a.png"),
            (["generate", "Package.swift"], "Package.swift"),
        ]) func failures(arguments: [String], name: String) throws
    {
        let outcome = try Program.run(arguments)
        #expect(outcome.code == 1)
        #expect(outcome.complaint.contains(name))
        #expect(outcome.complaint.split(separator: "\n").count == 1)
        #expect(outcome.output.isEmpty)
    }

    @Test(
        "Every command explains itself",
        arguments: [
            "features", "render", "apply", "strip", "grid", "transfer", "directions", "groups", "preprocess", "generate", "scenes", "train",
            "play", "jobs", "serve", "doctor", "completions",
        ])
    func help(command: String) throws {
        let outcome = try Program.run(command, "--help")
        #expect(outcome.code == 0)
        #expect(String(decoding: outcome.output, as: UTF8.self).contains("USAGE: fader \(command)"))
    }

    @Test(
        "Numbers that recipes and the playground refuse are bad usage",
        arguments: [
            ["render", "--guidance", "20.5"], ["render", "--guidance=-1"], ["render", "--guidance", "nan"], ["render", "--steps", "0"],
            ["render", "--steps", "1001"], ["strip", "--feature", "1", "--steps", "1001"],
            ["transfer", "--from", "b.png", "--strength", "2.5"],
            ["transfer", "--from", "b.png", "--strength", "-1"],
        ]) func ranges(arguments: [String]) throws
    {
        let outcome = try Program.run(arguments + ["a.png", "-o", "out.png"])
        #expect(outcome.code == 2 && outcome.complaint.contains("must lie between"))
    }

    @Test("Values that recipes and the playground refuse end in one sentence", arguments: ["--set", "--add"])
    func values(option: String) throws {
        let outcome = try Program.run("render", try #require(Program.samples.first), option, "5=2e6", "-o", "/nowhere/out.png")
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("must lie between -1000000 and 1000000"))
    }
}
