import Foundation
import Pictures
import Steering
import TestSupport
import Testing

/// Features named by label, and values that depend on the activation.
@Suite("Feature names and values", .serialized) struct FeatureNameTests {
    private let folder: TemporaryFolder
    private let sample = Program.samples[0]
    private let night = 41

    init() throws { folder = try TemporaryFolder() }

    private var output: String { folder.url.appendingPathComponent("out.png").path }

    private func edits() throws -> [Recipe.Entry] {
        let text = try Picture.pngText(in: Data(contentsOf: URL(fileURLWithPath: output)))[Recipe.pngKeyword]
        return try Recipe(data: Data(try #require(text).utf8), name: output).edits
    }

    private struct Row: Decodable {
        let index: Int
        let activation: Float
    }

    private func strongest() throws -> Row {
        let outcome = try Program.run("features", sample, "-n1", "--json")
        return try #require(try JSONDecoder().decode([Row].self, from: outcome.output).first)
    }

    @Test("A label stands for its feature in every command that takes a number") func everywhere() throws {
        #expect(try Program.run("render", sample, "--set", "Night=3", "--add", "two objects=1", "--steps", "1", "-o", output).code == 0)
        #expect(try edits().map(\.target) == [night, 4])
        for command in [
            ["strip", sample, "--feature", "night", "--count", "2", "--steps", "1", "-o", output],
            [
                "grid", sample, "--across", "night=0..2", "--down", "feature:rain", "--columns", "2", "--rows", "2", "--steps", "1", "-o",
                output,
            ],
            ["transfer", sample, "--from", Program.samples[1], "--features", "night,5", "-o", output],
            ["groups", "like", "night", "rain", "-n2"], ["library", "show", "night"],
        ] {
            let outcome = try Program.run(command)
            #expect(outcome.code == 0, "\(command): \(outcome.complaint)")
        }
        let shown = String(decoding: try Program.run("library", "show", "night").output, as: UTF8.self)
        #expect(shown.contains("41"))
    }

    @Test("A name that fits several features lists them, and one that fits none is told the nearest") func unclear() throws {
        let ambiguous = try Program.run("render", sample, "--set", "border=1", "-o", output)
        ambiguous.expectOneSentence()
        for candidate in ["\"white border\" (15)", "\"no border\" (21)", "\"gold border\" (43)", "\"black border\" (53)"] {
            #expect(ambiguous.complaint.contains(candidate), "\(ambiguous.complaint)")
        }
        let unknown = try Program.run("strip", sample, "--feature", "nigth", "-o", output)
        unknown.expectOneSentence()
        #expect(unknown.complaint.contains("the nearest is \"night\" (41)"), "\(unknown.complaint)")
        #expect(try folder.names.isEmpty)
    }

    @Test("*2 and +3 apply to the activation that the picture has") func relative() throws {
        let row = try strongest()
        for (value, expected) in [("*2", row.activation * 2), ("+3", row.activation + 3), ("x/2+1", row.activation / 2 + 1)] {
            let outcome = try Program.run("render", sample, "--set", "\(row.index)=\(value)", "--steps", "1", "-o", output)
            #expect(outcome.code == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
            let edit = try #require(try edits().first)
            #expect(edit.kind == .set && abs(edit.value - expected) < 1e-4)
        }
        try Program.run("render", sample, "--set", "\(night)=/x", "-o", output).expectOneSentence()
        for bad in ["5=*", "5=", "=5", "5=2+", "5=**2"] {
            #expect(try Program.run("render", sample, "--set", bad, "-o", output).code == 2)
        }
        #expect(try Program.run("render", sample, "--add", "5=*2", "-o", output).code == 2)
    }

    @Test("An edit that cannot change anything says so") func inVain() throws {
        let row = try strongest()
        for (option, value) in [
            ("--add", "\(row.index)=0"), ("--set", "\(row.index)=*1"), ("--set", "\(night)=*2"), ("--set", "\(night)=0"),
        ] {
            let outcome = try Program.run("render", sample, option, value, "--steps", "1", "-o", output)
            #expect(outcome.code == 0 && outcome.complaint.contains("\(value) changes nothing"), "\(value): \(outcome.complaint)")
        }
        let zero = try Program.run("transfer", sample, "--from", sample, "-o", output)
        #expect(zero.code == 0 && zero.complaint.contains("stays as it is"))
    }
}
