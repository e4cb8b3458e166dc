import Foundation
import Testing

@Suite("The pack commands") struct PackCommandTests {
    @Test("A whole pack is listed part by part, and nothing is wrong with it") func whole() throws {
        let outcome = try Program.run("pack", "check", Program.demo)
        #expect(outcome.code == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.isEmpty)
        let text = String(decoding: outcome.output, as: UTF8.self)
        for part in ["prior/image_encoder", "decoder/unet", "decoder/movq", "sae"] { #expect(text.contains(part), "\(part)") }
        #expect(text.contains("encoder"))
    }

    @Test("Every fault is one line that names the file, and the table still comes") func faults() throws {
        let pack = try BrokenPack("decoder/unet/config.json") { _ in nil }
        try pack.add("decoder/scheduler/scheduler_config.json", Data("{".utf8))
        let outcome = try Program.run("pack", "check", pack.path, "--json")
        #expect(outcome.code == 1)
        let lines = outcome.complaint.split(separator: "\n")
        #expect(lines.count == 2, "\(outcome.complaint)")
        #expect(lines.contains { $0.contains("decoder/unet/config.json") })
        #expect(lines.contains { $0.contains("scheduler_config.json") })
        let json = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
        #expect((json["faults"] as? [String])?.count == 2)
        #expect((json["report"] as? [String: Any])?["parts"] is [Any])
    }

    @Test("Hashes that were written are verified, and a file that changes is named") func hashes() throws {
        let pack = try BrokenPack("preview.json") { $0 }
        #expect(try Program.run("pack", "hash", pack.path).code == 0)
        let whole = try Program.run("pack", "check", pack.path, "--hashes")
        #expect(whole.code == 0, "\(whole.complaint)")
        try pack.add("preview.json", Data("{}".utf8))
        let changed = try Program.run("pack", "check", pack.path, "--hashes")
        #expect(changed.code == 1)
        #expect(changed.complaint.contains("preview.json") && changed.complaint.contains("SHA-256"))
    }

    @Test("Without hashes in pack.json there is nothing to verify") func noHashes() throws {
        let pack = try BrokenPack("pack.json") { _ in Data("{}".utf8) }
        try Program.run("pack", "check", pack.path, "--hashes").expectOneSentence()
    }

    @Test("A folder without a pack is one sentence", arguments: ["check", "hash"]) func nowhere(command: String) throws {
        let outcome = try Program.run("pack", command, "/nowhere/pack")
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("/nowhere/pack"))
    }
}
