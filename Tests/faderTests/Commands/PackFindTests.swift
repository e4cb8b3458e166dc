import Foundation
import TestSupport
import Testing

@Suite("Packs that go by a name") struct PackFindTests {
    private let home: TemporaryFolder

    init() throws { home = try TemporaryFolder() }

    private func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Outcome {
        try run(arguments, environment: environment)
    }

    private func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Program.Outcome {
        let places = ["HOME": home.url.path, "XDG_DATA_HOME": home.url.appendingPathComponent("data").path]
        return try Program.run(arguments, environment: places.merging(environment) { $1 })
    }

    /// Puts the demo pack's parts where the hub's cache would have the published ones.
    private func fillCache(_ hub: String, without missing: String? = nil) throws {
        for (repository, part) in [
            ("kandinsky-community--kandinsky-2-2-prior", "prior"), ("kandinsky-community--kandinsky-2-2-decoder", "decoder"),
            ("gytdau--clip-sae-128", "sae"),
        ] where part != missing {
            let place = home.url.appendingPathComponent("\(hub)/models--\(repository)")
            try HubServer.write(Data("new\n".utf8), to: place.appendingPathComponent("refs/main"))
            for revision in ["old", "new"] {
                let snapshot = place.appendingPathComponent("snapshots/\(revision)")
                try FileManager.default.createDirectory(at: snapshot.deletingLastPathComponent(), withIntermediateDirectories: true)
                try FileManager.default.createSymbolicLink(
                    at: snapshot, withDestinationURL: URL(fileURLWithPath: Program.demo).appendingPathComponent(part))
            }
        }
    }

    @Test(
        "The hub's caches make a pack that opens by its name",
        arguments: [
            ("HF_HOME", "hf", "hf/hub"), ("HF_HUB_CACHE", "cache", "cache"), ("HUGGINGFACE_HUB_CACHE", "~/cache", "cache"),
            ("XDG_CACHE_HOME", "own", "own/huggingface/hub"), ("", "", ".cache/huggingface/hub"),
        ])
    func caches(variable: String, value: String, hub: String) throws {
        try fillCache(hub)
        let place = value.hasPrefix("~") ? value : home.url.appendingPathComponent(value).path
        let environment = variable.isEmpty ? [:] : [variable: place]
        let found = try run("pack", "find", environment: environment)
        #expect(found.code == 0, "\(found.complaint)")
        #expect(String(decoding: found.output, as: UTF8.self).contains("snapshots/new"))
        #expect(String(decoding: try run("pack", "list").output, as: UTF8.self).contains("kandinsky  found"))
        #expect(try run("pack", "check", "kandinsky").code == 0)
        for (options, environment) in [(["--pack", "kandinsky"], [:]), ([], ["FADER_PACK": "kandinsky"])] {
            let features = try run(["features", Program.samples[0], "-n", "1"] + options, environment: environment)
            #expect(features.code == 0, "\(features.complaint)")
        }
        #expect(try run("pack", "remove", "kandinsky", "--yes").code == 0)
        #expect(FileManager.default.fileExists(atPath: Program.demo + "/decoder/unet/config.json"))
        #expect(String(decoding: try run("pack", "list").output, as: UTF8.self).isEmpty)
    }

    @Test("Folders are looked into first, under any name") func folders() throws {
        let found = try run("pack", "find", Program.demo, "--name", "small")
        #expect(found.code == 0, "\(found.complaint)")
        #expect(try run("pack", "check", "--pack", "small").code == 0)
    }

    @Test("What is missing is named, and so is a name that nothing has") func missing() throws {
        try fillCache(".cache/huggingface/hub", without: "sae")
        let outcome = try run("pack", "find")
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("gytdau/clip-sae-128") && !outcome.complaint.contains("2-2-prior"))
        for arguments in [
            ["pack", "check", "nope"], ["features", Program.samples[0], "--pack", "nope"], ["pack", "remove", "nope", "--yes"],
        ] {
            let unknown = try Program.run(arguments, environment: ["XDG_DATA_HOME": home.url.path])
            unknown.expectOneSentence()
            #expect(unknown.complaint.contains("no pack of this name"), "\(unknown.complaint)")
        }
        try run("pack", "find", Program.demo, "--name", "../up").expectOneSentence()
    }

    @Test("A list of downloads that leads out of the pack removes nothing there") func hostileList() throws {
        let pack = home.url.appendingPathComponent("data/fader/packs/bad")
        let kept = home.url.appendingPathComponent("data/fader/kept")
        try HubServer.write(Data(), to: kept)
        try HubServer.write(
            Data(#"["../../kept", "link/kept", "/etc/nothing", ".."]"#.utf8), to: pack.appendingPathComponent(".downloads.json"))
        try FileManager.default.createSymbolicLink(
            at: pack.appendingPathComponent("link"), withDestinationURL: kept.deletingLastPathComponent())
        #expect(try run("pack", "remove", "bad", "--yes").code == 0)
        #expect(FileManager.default.fileExists(atPath: kept.path))
    }
}
