import ArgumentParser
import Foundation
import Pictures
import Steering

struct Render: EngineCommand, QueueableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Render a picture, or a prompt, with edited features.")

    enum Start: String, ExpressibleByArgument, CaseIterable {
        case inversion, noise
    }

    @Argument(
        help: "A PNG, JPEG or WebP file; - is standard input. Without it, what --prompt says or --recipe begins with.", completion: .picture
    )
    var picture: String?

    @Option(help: ArgumentHelp("Draw this text instead of a picture; the pack needs a text tower and a prior.", valueName: "text"))
    var prompt: String?

    @Option(help: ArgumentHelp("What the prompt's picture should not show.", valueName: "text"))
    var negativePrompt: String?

    @Option(
        name: [.customShort("o", allowingJoined: true), .long],
        help: ArgumentHelp("The PNG, JPEG or WebP file to write; PNG carries its recipe. - is standard output.", valueName: "out.png"),
        completion: .picture)
    var output: String

    @Option(
        help: ArgumentHelp(
            "Set a feature, by number or label, to an activation; *2 and +3 change the one it has. May be repeated.",
            valueName: "feature=value"))
    var set: [FeatureAssignment] = []

    @Option(help: ArgumentHelp("Add to a feature's activation; may be repeated.", valueName: "feature=amount"))
    var add: [FeatureAssignment] = []

    @Option(
        help: ArgumentHelp(
            "Move along a saved direction by this amount, 1 being all of it; may be repeated.", valueName: "name=amount"))
    var direction: [DirectionAmount] = []

    @Option(
        help: ArgumentHelp("Render this recipe, or apply it to a picture: JSON, or a PNG that carries one.", valueName: "file"),
        completion: .file(extensions: ["json", "png"]))
    var recipe: String?

    @Option(help: ArgumentHelp("Sampling steps (default: the pack's).", valueName: "n"))
    var steps: Int?

    @Option(help: ArgumentHelp("The guidance scale; 1 is none.", valueName: "g"))
    var guidance: Double?

    @Option(help: ArgumentHelp("The seed of the starting noise; implies --start noise.", valueName: "s"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("Where to start: inversion (default) or noise.", valueName: "start"))
    var start: Start?

    @Option(help: ArgumentHelp("How to invert: exact (default) keeps what is not edited, plain is as in diffusers.", valueName: "how"))
    var inversion: Inversion?

    @Flag(help: "Allow the output to replace the picture or the recipe.")
    var force = false

    @OptionGroup var queueing: Queueing
    @OptionGroup var options: EngineOptions

    var inputs: [String] { [picture, recipe].compactMap { $0 } }
    var outputs: [String] { [output] }
    var results: [String] { outputs }

    func validate() throws {
        guard picture == nil || prompt == nil else { throw ValidationError("Give either a picture or --prompt.") }
        guard picture != nil || prompt != nil || recipe != nil else { throw ValidationError("Give a picture, --prompt or --recipe.") }
        if negativePrompt != nil && prompt == nil { throw ValidationError("--negative-prompt has no meaning without --prompt.") }
        if prompt != nil { try refuseInversion() }
        try Ranges.steps.validate(steps, "--steps")
        try Ranges.guidance.validate(guidance, "--guidance")
        if let assignment = add.first(where: { $0.amount == nil }) {
            throw ValidationError("--add takes a number to add, not \(assignment.value).")
        }
        if inversion != nil && start == .noise { throw ValidationError("--inversion has no meaning with --start noise.") }
        if start == .inversion && seed != nil { throw ValidationError("--seed has no meaning with --start inversion.") }
    }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        try Files.format(of: output)
        let path = recipe
        let recipe = try path.map(Files.recipe)
        let edits = try NamedEdits(
            set: set, add: add, directions: direction, to: recipe?.stack ?? EditStack(), pack: options.packFolder,
            remark: StandardError.say)
        if picture == nil, let prompt = prompt(recipe) {
            try await draw(prompt, recipe, edits, bar, log)
        } else if let picture = picture ?? path.flatMap({ recipe?.picturePath(beside: $0) }) {
            if !force { try Files.protect([picture], from: outputs) }
            try await change(picture, recipe, edits, bar, log)
        }
    }

    private func change(_ picture: String, _ recipe: Recipe?, _ edits: NamedEdits, _ bar: ProgressBar, _ log: Log) async throws {
        let (source, content) = try Files.picture(picture)
        let (engine, pack) = try await options.engine(bar, log)
        recipe.flatMap(pack.warning).map(StandardError.say)
        let analysis = try await engine.analyse(source) { bar.show($0) }
        bar.clear()
        let stack = try edits.stack(on: await engine.activations(analysis.id))
        let request = RenderRequest(.picture(analysis.id), stack: stack, sampling: sampling(recipe, pack), size: .original)
        let made = try await engine.render(request) { bar.show($0) }
        let written = Recipe(
            pack: pack.reference, picture: .init(path: picture, content: content), sampling: request.sampling, stack: stack)
        try Files.write(made, written.pngText, to: output)
    }

    /// Writes a picture of a text, of the pack's size.
    private func draw(_ prompt: Prompt, _ recipe: Recipe?, _ edits: NamedEdits, _ bar: ProgressBar, _ log: Log) async throws {
        try refuseInversion()
        let (engine, pack) = try await options.engine(bar, log)
        recipe.flatMap(pack.warning).map(StandardError.say)
        let stack =
            edits.areRelative
            ? try edits.stack(on: await engine.activations(of: prompt) { bar.show($0) }) : try edits.stack(count: pack.featureCount)
        var sampling = sampling(recipe, pack)
        sampling.start = .noise(seed: seed ?? recipe?.seed ?? 0)
        let made = try await engine.render(RenderRequest(.prompt(prompt), stack: stack, sampling: sampling)) { bar.show($0) }
        try Files.write(made, Recipe(pack: pack.reference, prompt: prompt, sampling: sampling, stack: stack).pngText, to: output)
    }

    /// The text that is asked for, or else the recipe's; nil where there is none.
    private func prompt(_ recipe: Recipe?) -> Prompt? {
        guard var prompt = self.prompt.map({ Prompt($0, negative: negativePrompt, seed: recipe?.seed ?? 0) }) ?? recipe?.prompt else {
            return nil
        }
        if let seed { prompt.seed = seed }
        return prompt
    }

    /// - Throws: `ValidationError` when the options ask for an inversion: a text has nothing to invert.
    private func refuseInversion() throws {
        if start == .inversion { throw ValidationError("--start inversion has no meaning for a picture of a text.") }
        if inversion != nil { throw ValidationError("--inversion has no meaning for a picture of a text.") }
    }

    /// The recipe's settings, changed by the options that were given.
    private func sampling(_ recipe: Recipe?, _ pack: PackSummary) -> Sampling {
        var sampling = recipe?.sampling ?? Sampling(steps: pack.steps)
        if let steps { sampling.steps = steps }
        if let guidance { sampling.guidance = guidance }
        if let inversion { sampling.inversion = inversion }
        if start == .inversion || inversion != nil { sampling.start = .inversion }
        if start == .noise || seed != nil { sampling.start = .noise(seed: seed ?? recipe?.seed ?? 0) }
        return sampling
    }
}
