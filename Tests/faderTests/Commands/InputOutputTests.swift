import Foundation
import Pictures
import TestSupport
import Testing

/// What commands read and write, by whatever name or pipe.
@Suite("Input and output", .serialized) struct InputOutputTests {
    private let folder: TemporaryFolder
    private let sample: Data
    private let picture: URL

    init() throws {
        folder = try TemporaryFolder()
        sample = try Data(contentsOf: URL(fileURLWithPath: Program.samples[0]))
        picture = try folder.file("p.png", sample)
    }

    private func path(_ name: String) -> String { folder.url.appendingPathComponent(name).path }

    @Test("No command writes over the picture that it reads, by any of its names")
    func protection() throws {
        let files = FileManager.default
        try files.createSymbolicLink(atPath: path("link.png"), withDestinationPath: "p.png")
        try files.linkItem(atPath: picture.path, toPath: path("hard.png"))
        let other = Program.samples[1]
        let commands = [
            ["render", picture.path, "--steps", "1"], ["strip", picture.path, "--feature", "5", "--steps", "1"],
            ["grid", picture.path, "--across", "5", "--down", "6", "--steps", "1"], ["transfer", picture.path, "--from", other],
            ["transfer", other, "--from", picture.path],
        ]
        for command in commands {
            for name in ["p.png", "./p.png", "../\(folder.url.lastPathComponent)/p.png", "link.png", "hard.png"] {
                let outcome = try Program.run(command + ["-o", "\(folder.url.path)/\(name)"])
                outcome.expectOneSentence()
                #expect(outcome.complaint.contains("would replace"), "\(command[0]) \(name): \(outcome.complaint)")
            }
        }
        for command in [
            ["preprocess", picture.path, "--tensors", picture.path], ["features", picture.path, "--log", picture.path],
            ["transfer", other, "--from", picture.path, "-o", path("new.png"), "--save-recipe", path("hard.png")],
        ] { try Program.run(command).expectOneSentence() }
        #expect(try Data(contentsOf: picture) == sample)
        #expect(try folder.names == ["hard.png", "link.png", "p.png"])
    }

    @Test("--force writes over the picture, but a log never does") func force() throws {
        #expect(try Program.run("render", picture.path, "--steps", "1", "-o", picture.path, "--force").code == 0)
        #expect(try Data(contentsOf: picture) != sample)
        try Program.run("render", picture.path, "-o", picture.path, "--force", "--log", picture.path).expectOneSentence()
    }

    @Test("A picture comes from standard input or a pipe, and goes to standard output or a pipe") func pipes() throws {
        for command in [["features", "-", "-n3"], ["groups", "-"], ["preprocess", "-", "--invert-steps", "2"]] {
            let outcome = try Program.run(command, input: sample)
            #expect(outcome.code == 0 && !outcome.output.isEmpty, "\(command): \(outcome.complaint)")
        }
        let toOutput = [
            ["render", "-", "--steps", "1", "-o-"], ["strip", "-", "--feature", "5", "--count", "2", "--steps", "1", "-o", "-"],
            ["transfer", "-", "--from", Program.samples[1], "-o", "-"],
        ]
        for command in toOutput {
            let outcome = try Program.run(command, input: sample)
            #expect(outcome.code == 0, "\(command): \(outcome.complaint)")
            _ = try Picture(data: outcome.output, name: command[0])
        }
        let recipe = try Program.run("render", picture.path, "--set", "5=9", "--steps", "1", "-o", "-").output
        let applied = try Program.run(["apply", "-", picture.path, "-o", "-"], input: recipe)
        #expect(applied.code == 0, "\(applied.complaint)")
        _ = try Picture(data: applied.output, name: "apply")
        let piped = try Program.run(
            ["render"], shell: #""$0" render <(cat '\#(picture.path)') --steps 1 -o >(cat > '\#(path("piped.png"))'; sync); sleep 1"#)
        #expect(piped.code == 0, "\(piped.complaint)")
        _ = try Picture(contentsOf: URL(fileURLWithPath: path("piped.png")))
    }

    @Test("What standard input cannot give, or a terminal cannot show, is one sentence") func refusedPipes() throws {
        try Program.run(["features", "-"], input: Data()).expectOneSentence()
        try Program.run(["transfer", "-", "--from", "-"], input: sample).expectOneSentence()
        try Program.run(["features", "-"], shell: #"exec "$0" "$@" < /dev/zero"#).expectOneSentence()
        let session = try #require(TerminalSession(["render", picture.path, "--steps", "1", "-o", "-"], columns: 100, rows: 24))
        #expect(session.exitCode() == 1)
        #expect(session.terminal.waits { $0.text.contains("Standard output is a terminal") })
        let asked = try #require(TerminalSession(["features", "-"], columns: 100, rows: 24))
        #expect(asked.exitCode() == 1)
        #expect(asked.terminal.waits { $0.text.contains("it is a terminal") })
    }

    @Test("preprocess > p.json, then generate p.json gives the picture as it is; so does a request of four members") func exchange() throws
    {
        let printed = try Program.run("preprocess", picture.path, "--invert-steps", "4")
        let file = try folder.file("p.json", printed.output)
        let whole = try Program.run("generate", file.path, "--steps", "2")
        #expect(whole.code == 0, "\(whole.complaint)")
        var request = try #require(try JSONSerialization.jsonObject(with: printed.output) as? [String: Any])
        for name in ["features", "height", "width"] { request[name] = nil }
        request["feature_idx"] = [Int]()
        request["feature_val"] = [Float]()
        let four = try Program.run(["generate", "--steps", "2"], input: JSONSerialization.data(withJSONObject: request))
        #expect(four.code == 0 && four.output == whole.output, "\(four.complaint)")
        request["feature_val"] = [1]
        try Program.run(["generate"], input: JSONSerialization.data(withJSONObject: request)).expectOneSentence()
    }

    @Test("Control characters in names never reach the terminal raw") func controlCharacters() throws {
        let evil = "\u{1B}[31mred\u{9B}5m\u{7}\u{202E}\nline"
        let strange = try folder.file("\(evil).png", sample).path
        let hostile = try folder.file("broken\(evil).png", [1, 2, 3]).path
        let outcomes = try [
            Program.run("features", hostile), Program.run("features", path("none\(evil)")), Program.run("features", strange, evil),
            Program.run("strip", strange, "--group", evil, "-o", path("o.png")),
            Program.run("render", strange, "--set", "\(evil)=1", "-o", "x"),
            Program.run("features", strange, "--pack", path(evil)), Program.run("transfer", strange, "--from", Program.samples[1]),
            Program.run("pack", "check", path(evil)), Program.run("doctor", "--pack", path(evil)),
            Program.run("library", "show", evil), Program.run("completions", evil),
        ]
        for outcome in outcomes {
            let text = String(decoding: outcome.output, as: UTF8.self) + outcome.complaint
            #expect(!text.isEmpty)
            let raw = text.unicodeScalars.filter { $0 != "\n" && ($0.properties.generalCategory == .control || $0.value == 0x202E) }
            #expect(raw.isEmpty, "\(text.debugDescription)")
        }
        outcomes[0].expectOneSentence()
        outcomes[1].expectOneSentence()
    }

    @Test("What the system refuses is told in Fader's own words", arguments: ["folder", "locked.json", "missing", "bad.json"])
    func systemErrors(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path("folder"), withIntermediateDirectories: true)
        let locked = try folder.file("locked.json", Data("{".utf8))
        chmod(locked.path, 0)
        _ = try folder.file("bad.json", Data("{".utf8))
        for command in [
            ["features", path(name)], ["generate", path(name)], ["render", picture.path, "-o", path("o.png"), "--recipe", path(name)],
            ["library", "import-labels", path(name)], ["apply", path(name), picture.path, "-o", path("made")],
            ["features", picture.path, "--pack", path(name)],
        ] {
            let outcome = try Program.run(command)
            outcome.expectOneSentence()
            #expect(outcome.complaint.contains(name), "\(command): \(outcome.complaint)")
            for word in ["NSCocoaErrorDomain", "Foundation.", "couldn’t", "The operation", "UserInfo", "Code="] {
                #expect(!outcome.complaint.contains(word), "\(outcome.complaint)")
            }
        }
    }

    @Test("Options that all commands have are taken by every one") func commonOptions() throws {
        let common = ["--pack", Program.demo, "--device", "cpu", "--dtype", "float32", "--threads", "1", "-q", "--log", path("log")]
        let commands = [
            ["scenes", path("drawn"), "--count", "1"], ["completions", "fish"], ["pack", "check"], ["library", "show", "5"],
            ["library", "export"], ["library", "search", "night"], ["directions", "list"], ["groups", "list"], ["doctor"],
            ["features", picture.path], ["pack", "list"],
        ]
        for command in commands {
            let outcome = try Program.run(command + common)
            #expect(outcome.code == 0, "\(command): \(outcome.complaint)")
        }
        for command in [
            ["train", "reader"], ["train", "evaluate"], ["train", "sae"], ["library", "merge", "a", "b"], ["pack", "hash"],
            ["pack", "get", "kandinsky"], ["pack", "find"], ["pack", "remove", "a"],
        ] {
            #expect(try Program.run(command + common + ["--help"]).code == 0)
        }
    }
}
