import Foundation
import Pictures
import Steering
import TestSupport
import Testing

@Suite("The library commands", .serialized) struct LibraryCommandTests {
    private struct Row: Decodable {
        let index: Int
        let label: String?
        let labelSource: String?
        let density, maximum: Float?
    }

    private struct Shown: Decodable {
        struct Example: Decodable {
            let activation: Float
            let path: String
        }

        let feature: Row
        let examples: [Example]
        let hasIcon: Bool
    }

    private func run(_ pack: BrokenPack, _ arguments: String..., input: Data? = nil) throws -> Program.Outcome {
        try Program.run(["library"] + arguments, environment: ["FADER_PACK": pack.path], input: input)
    }

    private func pack() throws -> BrokenPack { try BrokenPack("preview.json") { $0 } }

    private func rows(_ outcome: Program.Outcome) throws -> [Row] {
        #expect(outcome.code == 0, "\(outcome.complaint)")
        return try JSONDecoder().decode([Row].self, from: outcome.output)
    }

    private func show(_ pack: BrokenPack, _ index: Int) throws -> Shown {
        let outcome = try run(pack, "show", String(index), "--json")
        #expect(outcome.code == 0, "\(outcome.complaint)")
        return try JSONDecoder().decode(Shown.self, from: outcome.output)
    }

    @Test("Features are found by the words of their labels") func search() throws {
        let pack = try pack()
        let found = try rows(try run(pack, "search", "two", "ob", "--json"))
        #expect(!found.isEmpty && found.allSatisfy { $0.label == "two objects" })
        #expect(try rows(try run(pack, "search", "--sort", "maximum", "-n", "5", "--json")).count == 5)
        let table = try run(pack, "search", "two")
        #expect(String(decoding: table.output, as: UTF8.self).hasPrefix("feature  label"))
    }

    @Test("A label of the user's survives building, and is found, shown and exported") func labels() throws {
        let pack = try pack()
        #expect(try run(pack, "label", "3", "a \"label\", mine").code == 0)
        let samples = URL(fileURLWithPath: try #require(Program.samples.first)).deletingLastPathComponent().path
        let built = try run(pack, "build", "--pictures", samples)
        #expect(built.code == 0, "\(built.complaint)")
        let shown = try show(pack, 3)
        #expect(shown.feature.label == "a \"label\", mine" && shown.feature.labelSource == "user" && !shown.hasIcon)
        #expect(try rows(try run(pack, "search", "mine", "--json")).map(\.index) == [3])
        let csv = String(decoding: try run(pack, "export", "--csv").output, as: UTF8.self)
        #expect(csv.contains("\n3,\"a \"\"label\"\", mine\",user,"))
        let exported = try rows(try run(pack, "export", "--json"))
        #expect(exported.count > 50 && exported.map(\.index) == Array(exported.indices))
        #expect(csv.split(separator: "\n").count == exported.count + 1)
        let strongest = try #require(try rows(try run(pack, "search", "--sort", "maximum", "--json")).first)
        let examples = try show(pack, strongest.index).examples
        #expect(!examples.isEmpty && examples.allSatisfy { $0.path.hasSuffix(".png") })
        #expect(abs((strongest.maximum ?? 0) - examples[0].activation) < 1e-5)
    }

    @Test("Labels are imported all or none") func importing() throws {
        let pack = try pack()
        let file = "\(pack.path)/labels.csv"
        try Data("index,label\n1,one\n99,none\n".utf8).write(to: URL(fileURLWithPath: file))
        let refused = try run(pack, "import-labels", file)
        refused.expectOneSentence()
        #expect(refused.complaint.contains("labels.csv, line 3: there is no feature 99"))
        #expect(try show(pack, 1).feature.labelSource != "user")
        let taken = try run(pack, "import-labels", "-", input: Data(#"{"1": "one"}"#.utf8))
        #expect(taken.code == 0, "\(taken.complaint)")
        #expect(try show(pack, 1).feature.label == "one")
    }

    @Test("A damaged library is refused until it is renewed, and kept") func renewing() throws {
        let pack = try pack()
        #expect(try run(pack, "label", "3", "mine").code == 0)
        let file = URL(fileURLWithPath: pack.path).appendingPathComponent("features.sqlite")
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + suffix) }
        let damaged = Data("this is no library, but it is long enough that it could be one: a hundred bytes are the size of a header.".utf8)
        try damaged.write(to: file)
        let refused = try run(pack, "search", "x")
        refused.expectOneSentence()
        #expect(refused.complaint.contains("--renew"))
        let samples = URL(fileURLWithPath: try #require(Program.samples.first)).deletingLastPathComponent().path
        let renewed = try run(pack, "build", "--pictures", samples, "--renew")
        #expect(renewed.code == 0, "\(renewed.complaint)")
        #expect(renewed.complaint.contains("features.aside-1.sqlite"))
        #expect(try Data(contentsOf: file.deletingLastPathComponent().appendingPathComponent("features.aside-1.sqlite")) == damaged)
        let features = try Program.run(["features", Program.samples[0], "--json"], environment: ["FADER_PACK": pack.path])
        #expect(features.code == 0)
    }

    @Test("A damaged library does not keep pictures from being analysed") func damaged() throws {
        let pack = try pack()
        try pack.add("features.sqlite", Data("no library".utf8))
        let features = try Program.run(["features", Program.samples[0], "--json"], environment: ["FADER_PACK": pack.path])
        #expect(features.code == 0, "\(features.complaint)")
        #expect(try JSONDecoder().decode([Row].self, from: features.output).contains { $0.label != nil })
    }

    @Test("Shards that are built one by one are joined, and a missing one is named") func shards() throws {
        let pack = try pack()
        let samples = URL(fileURLWithPath: try #require(Program.samples.first)).deletingLastPathComponent().path
        for number in 1...2 {
            let outcome = try run(pack, "build", "--pictures", samples, "--shard", "\(number)/2")
            #expect(outcome.code == 0, "\(outcome.complaint)")
        }
        let files = (1...2).map { "\(pack.path)/features-\($0)-of-2.sqlite" }
        let joined = "\(pack.path)/features.sqlite"
        let missing = try run(pack, "merge", joined, files[0])
        missing.expectOneSentence()
        #expect(missing.complaint.contains("Of 2 shards, number 2 is missing."))
        let outcome = try run(pack, "merge", joined, files[1], files[0])
        #expect(outcome.code == 0, "\(outcome.complaint)")
        #expect(String(decoding: outcome.output, as: UTF8.self).hasPrefix("\(Program.samples.count) embeddings"))
    }

    @Test("Two programs may label one library at the same time") func twoPrograms() throws {
        let pack = try pack()
        // Both also make the library: neither finds one.
        let line = #""$0" library label 1 first & "$0" library label 2 second & wait -n && wait -n"#
        let outcome = try Program.run([], shell: line, environment: ["FADER_PACK": pack.path])
        #expect(outcome.code == 0, "\(outcome.complaint)")
        #expect(try show(pack, 1).feature.label == "first")
        #expect(try show(pack, 2).feature.label == "second")
    }

    @Test(
        "Bad usage exits with 2",
        arguments: [
            ["build"], ["build", "--pictures", "a", "--embeddings", "b"], ["build", "--pictures", "a", "--shard", "3/2"],
            ["build", "--icons", "--shard", "1/2"], ["label", "3"], ["label", "--auto", "3", "x"],
            ["label", "3", "x", "--threshold", "0.1"],
            ["search", "--meaning"], ["search", "-n", "0"], ["export", "--csv", "--json"], ["merge"], ["show"],
        ]) func badUsage(arguments: [String]) throws
    {
        let outcome = try Program.run(["library"] + arguments)
        #expect(outcome.code == 2, "\(outcome.complaint)")
        #expect(outcome.output.isEmpty)
    }

    @Test(
        "What cannot be done is one sentence",
        arguments: [
            (["show", "64"], "There is no feature 64"), (["label", "64", "x"], "There is no feature 64"),
            (["build", "--pictures", "/nowhere"], "/nowhere: there is no PNG"), (["build", "--embeddings", "/nowhere"], "/nowhere"),
            (["import-labels", "/nowhere"], "/nowhere: the file cannot be read"), (["merge", "/nowhere/out", "/nowhere/a"], "/nowhere/a"),
        ]) func failures(arguments: [String], part: String) throws
    {
        let pack = try pack()
        let outcome = try Program.run(["library"] + arguments, environment: ["FADER_PACK": pack.path])
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains(part), "\(outcome.complaint)")
    }

    @Test("A pack without a tokenizer says what lacks for texts", arguments: [["search", "--meaning", "night"], ["label", "--auto"]])
    func withoutTexts(arguments: [String]) throws {
        let pack = try pack()
        try pack.remove("prior/tokenizer")
        let outcome = try Program.run(["library"] + arguments, environment: ["FADER_PACK": pack.path])
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("the pack has no prior/tokenizer, which prompts and directions need"), "\(outcome.complaint)")
    }

    @Test("Features are found by what a phrase means") func meaning() throws {
        let pack = try pack()
        let found = try run(pack, "search", "--meaning", "a dark night")
        #expect(found.code == 0, "\(found.complaint)")
        #expect(String(decoding: found.output, as: UTF8.self).contains("night"))
    }
}
