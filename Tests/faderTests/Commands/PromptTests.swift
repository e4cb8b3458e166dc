import Foundation
import Pictures
import TestSupport
import Testing

@Suite("A picture of a text, on the command line", .serialized) struct PromptTests {
    /// The smallest pack of the engine's tests, with the part for texts.
    private func pack(in folder: TemporaryFolder) throws -> String {
        let fixtures = Program.root.appendingPathComponent("Tests/SteeringTests/Fixtures")
        let pack = folder.url.appendingPathComponent("pack")
        try FileManager.default.copyItem(at: fixtures.appendingPathComponent("square/pack"), to: pack)
        for part in ["text_encoder", "tokenizer", "prior", "scheduler"] {
            let place = "prior/\(part)"
            try FileManager.default.copyItem(
                at: fixtures.appendingPathComponent("text/\(place)"), to: pack.appendingPathComponent(place))
        }
        return pack.path
    }

    @Test("render --prompt writes a picture of the pack's size; edits change it, and the same command makes it again") func renders() throws
    {
        let folder = try TemporaryFolder()
        let pack = try pack(in: folder)
        func picture(_ name: String, _ arguments: String...) throws -> Picture {
            let path = folder.url.appendingPathComponent(name).path
            let outcome = try Program.run(
                ["render", "--prompt", "a small red circle", "-o", path, "--pack", pack, "--steps", "2", "--seed", "3"] + arguments)
            #expect(outcome.code == 0, "\(outcome.complaint)")
            return try Picture(contentsOf: URL(fileURLWithPath: path))
        }
        let plain = try picture("plain.png")
        #expect(plain.width == 32 && plain.height == 32)
        #expect(try picture("again.png") == plain)
        #expect(try picture("edited.png", "--set", "5=9") != plain)
        #expect(try picture("negative.png", "--negative-prompt", "grass", "--guidance", "2") != picture("guided.png", "--guidance", "2"))
    }

    @Test("A picture of a text carries a recipe that makes it again, and to which edits can be added") func recipe() throws {
        let folder = try TemporaryFolder()
        let pack = try pack(in: folder)
        func render(_ name: String, _ arguments: String...) throws -> Data {
            let file = folder.url.appendingPathComponent(name)
            let outcome = try Program.run(["render", "-o", file.path, "--pack", pack] + arguments)
            #expect(outcome.code == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
            return try Data(contentsOf: file)
        }
        let first = try render(
            "first.png", "--prompt", "a small red circle", "--negative-prompt", "grass", "--seed", "3", "--steps", "2", "--guidance", "2",
            "--set", "5=9")
        let path = folder.url.appendingPathComponent("first.png").path
        #expect(try render("again.png", "--recipe", path) == first)
        #expect(try render("edited.png", "--recipe", path, "--add", "3=9") != first)
        #expect(try render("other.png", "--recipe", path, "--seed", "4") != first)
        let elsewhere = folder.url.appendingPathComponent("inverted.png").path
        let refused = try Program.run("render", "-o", elsewhere, "--pack", pack, "--recipe", path, "--inversion", "exact")
        #expect(refused.code == 2 && refused.complaint.contains("--inversion"), "\(refused.complaint)")
    }

    @Test("A recipe makes the picture that it names again, and says when the pack is another") func recipeOfPicture() throws {
        let folder = try TemporaryFolder()
        let (first, again) = (folder.url.appendingPathComponent("first.png"), folder.url.appendingPathComponent("again.png"))
        let made = try Program.run("render", Program.samples[0], "-o", first.path, "--steps", "2", "--seed", "3", "--set", "5=9")
        #expect(made.code == 0, "\(made.complaint)")
        #expect(try Program.run("render", "--recipe", first.path, "-o", again.path).complaint.isEmpty)
        #expect(try Data(contentsOf: again) == Data(contentsOf: first))
        let elsewhere = try Program.run("render", "--recipe", first.path, "-o", again.path, "--pack", pack(in: folder))
        #expect(elsewhere.code == 0 && elsewhere.complaint.contains("another pack"), "\(elsewhere.complaint)")
    }

    @Test("A pack without the part for texts says what it lacks") func noTextPart() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run("render", "--prompt", "a red circle", "-o", folder.url.appendingPathComponent("a.png").path)
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.complaint.hasSuffix("the pack has no prior/scheduler, which prompts need.\n"))
        #expect(try folder.names.isEmpty)
    }

    @Test(
        "Neither a picture nor a text, both, or options of the other are bad usage",
        arguments: [
            [], ["a.png", "--prompt", "x"], ["a.png", "--negative-prompt", "x"], ["--prompt", "x", "--start", "inversion"],
            ["--prompt", "x", "--inversion", "exact"], ["--negative-prompt", "x", "--recipe", "a.json"],
        ]) func usage(arguments: [String]) throws
    {
        let outcome = try Program.run(["render", "-o", "/nowhere/out.png"] + arguments)
        #expect(outcome.code == 2, "\(outcome.complaint)")
    }
}
