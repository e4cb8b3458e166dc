import Foundation
import Pictures
import Steering
import TestSupport
import Testing

@Suite("fader strip and grid", .serialized) struct SheetCommandTests {
    private let folder: TemporaryFolder
    private let sample: String

    init() throws {
        folder = try TemporaryFolder()
        sample = try #require(Program.samples.first)
    }

    private var output: String { folder.url.appendingPathComponent("sheet.png").path }

    private func sheet() throws -> (picture: Picture, plan: SheetPlan) {
        let data = try Data(contentsOf: URL(fileURLWithPath: output))
        let text = try #require(Picture.pngText(in: data)[SheetPlan.pngKeyword])
        return (try Picture(data: data, name: output), try JSONDecoder().decode(SheetPlan.self, from: Data(text.utf8)))
    }

    @Test("A strip shows a feature at each value, and carries what made it") func strip() throws {
        let outcome = try Program.run(
            "strip", sample, "--feature", "5", "--from", "0", "--to", "20", "--count", "3", "--steps", "2", "-o", output)
        #expect(outcome.code == 0 && outcome.complaint.isEmpty)
        let (picture, plan) = try sheet()
        #expect(picture.width == 3 * 128 + 2 * 4 + 2 * 8)
        #expect(plan.across.target == .feature(5) && plan.across.values == [0, 10, 20] && plan.down == nil)
        #expect(plan.recipe.steps == 2 && plan.recipe.picture?.path == sample)
    }

    @Test("A grid shows two sliders, one of them an edit of a recipe") func grid() throws {
        let made = folder.url.appendingPathComponent("made.png").path
        #expect(try Program.run("render", sample, "--set", "3=9", "--steps", "2", "-o", made).code == 0)
        let outcome = try Program.run(
            "grid", sample, "--recipe", made, "--across", "5=0..20", "--down", "edit:1=0..1", "--columns", "3", "--rows", "2", "-o", output)
        #expect(outcome.code == 0 && outcome.complaint.isEmpty)
        let (picture, plan) = try sheet()
        #expect(picture.height > 2 * 128 && picture.width > 3 * 128)
        #expect(plan.down?.target == .edit(0) && plan.recipe.edits.map(\.target) == [3])
    }

    @Test("Names that stand for nothing end in one sentence") func refused() throws {
        let pack = try BrokenPack("pack.json") { $0 }.path
        for arguments in [["--direction", "day-night"], ["--group", "sky"], ["--feature", "99999"]] {
            try Program.run(["strip", sample, "-o", output, "--pack", pack] + arguments).expectOneSentence()
        }
        #expect(try folder.names.isEmpty)
    }

    @Test(
        "Sliders that cannot be are bad usage",
        arguments: [
            ["strip", "--feature", "1", "--group", "a"], ["strip"], ["strip", "--feature", "1", "--count", "1"], ["strip", "--edit", "1"],
            ["grid", "--across", "1"], ["grid", "--across", "1=a..b", "--down", "2"], ["grid", "--across", "edit:x", "--down", "2"],
        ]) func usage(arguments: [String]) throws
    {
        #expect(try Program.run(arguments + [sample, "-o", output]).code == 2)
    }
}
