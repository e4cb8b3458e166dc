import ArgumentParser
import Foundation
import Pictures
import Steering

/// A command that makes a contact sheet.
protocol SheetCommand: EngineCommand, QueueableCommand {
    var sheet: SheetOptions { get }
}

extension SheetCommand {
    var options: EngineOptions { sheet.options }
    var inputs: [String] { sheet.inputs }
    var outputs: [String] { [sheet.output] }
    var results: [String] { outputs }
    var queueing: Queueing { sheet.queueing }
    var force: Bool { sheet.force }
}

/// What the commands that make contact sheets share.
struct SheetOptions: ParsableArguments {
    @Argument(help: "A PNG, JPEG or WebP file; - is standard input.", completion: .picture)
    var picture: String

    @Option(
        name: [.customShort("o", allowingJoined: true), .long],
        help: ArgumentHelp("The PNG, JPEG or WebP file to write; PNG carries what made it. - is standard output.", valueName: "out.png"),
        completion: .picture)
    var output: String

    @Option(
        help: ArgumentHelp("Start from this recipe's edits and settings: JSON, or a PNG that carries one.", valueName: "file"),
        completion: .file(extensions: ["json", "png"]))
    var recipe: String?

    @Option(help: ArgumentHelp("Sampling steps (default: the recipe's, or the pack's).", valueName: "n"))
    var steps: Int?

    @Flag(help: "Allow the sheet to replace the picture or the recipe.")
    var force = false

    @OptionGroup var queueing: Queueing
    @OptionGroup var options: EngineOptions

    var inputs: [String] { [picture, recipe].compactMap { $0 } }

    func validate() throws {
        try Ranges.steps.validate(steps, "--steps")
    }

    /// Makes a sheet.
    /// - Parameters:
    ///   - across: the slider from left to right, and how many values it is shown at.
    ///   - down: the slider from top to bottom; none for a strip.
    func makeSheet(across: (NamedSlider, count: Int), down: (NamedSlider, count: Int)?, _ bar: ProgressBar, _ log: Log) async throws {
        try Files.format(of: output)
        let (source, content) = try Files.picture(picture)
        let recipe = try recipe.map(Files.recipe)
        let folder = try options.packFolder
        let (engine, pack) = try await options.engine(bar, log)
        let analysis = try await engine.analyse(source) { bar.show($0) }
        bar.clear()
        var sampling = recipe?.sampling ?? Sampling(steps: pack.steps)
        if let steps { sampling.steps = steps }
        let base = Recipe(
            pack: pack.reference, picture: .init(path: picture, content: content), sampling: sampling, stack: recipe?.stack ?? EditStack())
        func slider(_ named: (NamedSlider, count: Int)) throws -> SheetSlider {
            let slider = try named.0.slider(count: named.count, pack: folder, stack: base.stack, features: analysis.features)
            if let value = slider.onlyValue { StandardError.say("Both ends of the slider are \(value): its pictures are alike.") }
            return slider
        }
        let plan = SheetPlan(recipe: base, across: try slider(across), down: try down.map(slider))
        let sheet = try await engine.sheet(plan, of: analysis) { bar.show($0) }
        try Files.write(sheet, plan.pngText, to: output)
    }
}
