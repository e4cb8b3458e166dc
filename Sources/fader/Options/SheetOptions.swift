import ArgumentParser
import Foundation
import Pictures
import Steering

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

    @OptionGroup var options: EngineOptions

    var inputs: [String] { [picture, recipe].compactMap { $0 } }

    func validate() throws {
        if let steps, !(1...1000).contains(steps) { throw ValidationError("--steps must lie between 1 and 1000.") }
    }

    /// Makes a sheet.
    /// - Parameters:
    ///   - across: the slider from left to right, and how many values it is shown at.
    ///   - down: the slider from top to bottom; none for a strip.
    func makeSheet(across: (SliderChoice, count: Int), down: (SliderChoice, count: Int)?, _ bar: ProgressBar, _ log: Log) async throws {
        try Files.format(of: output)
        let (source, content) = try Files.picture(picture)
        let recipe = try recipe.map(Render.recipe)
        let (engine, pack) = try await options.engine(bar, log)
        let analysis = try await engine.analyse(source) { bar.show($0) }
        var sampling = recipe?.sampling ?? Sampling(steps: pack.steps)
        if let steps { sampling.steps = steps }
        let base = Recipe(
            pack: .init(name: pack.name, fingerprint: pack.fingerprint), picture: .init(path: picture, content: content),
            sampling: sampling,
            stack: recipe?.stack ?? EditStack())
        let sliders = SliderMaker(pack: try options.packFolder, stack: base.stack, features: analysis.features)
        bar.clear()
        let plan = SheetPlan(
            recipe: base, across: try sliders.slider(across.0, count: across.count),
            down: try down.map { try sliders.slider($0.0, count: $0.count) })
        for slider in [plan.across, plan.down].compactMap({ $0 }) where Set(slider.values).count == 1 {
            StandardError.say("Both ends of the slider are \(slider.values[0]): its pictures are alike.")
        }
        let pictures = try await pictures(plan, analysis, engine, pack, bar)
        let labels = try await engine.labels(of: 0..<pack.featureCount)
        let sheet = try plan.sheet(pictures) { labels[$0] }.picture()
        try Files.write(sheet, (keyword: SheetPlan.pngKeyword, text: String(decoding: try plan.data(), as: UTF8.self)), to: output)
    }

    /// All pictures of a sheet by row, a few at a time.
    private func pictures(
        _ plan: SheetPlan, _ analysis: AnalysisSummary, _ engine: Engine, _ pack: PackSummary, _ bar: ProgressBar
    ) async throws -> [[Picture]] {
        let rows = try plan.stacks()
        for stack in rows.joined() { try pack.requireFeatures(of: stack) }
        let activations = try await engine.activations(analysis.id)
        let requests = rows.joined().map { stack in
            RenderRequest(analysis: analysis.id, changes: stack.changes { activations[$0] }, sampling: plan.recipe.sampling)
        }
        let size = Engine.batchSize(width: analysis.picture.width, height: analysis.picture.height)
        var made: [Picture] = []
        for start in stride(from: 0, to: requests.count, by: size) {
            let batch = requests[start..<min(start + size, requests.count)]
            made += try await engine.render(Array(batch)) { progress in
                guard progress.stage == .rendering else { return bar.show(progress) }
                let step = start * progress.count + progress.step * batch.count
                bar.show(WorkProgress(.rendering, step: step, count: requests.count * progress.count))
            }
        }
        let width = rows[0].count
        return rows.indices.map { Array(made[$0 * width..<($0 + 1) * width]) }
    }
}
