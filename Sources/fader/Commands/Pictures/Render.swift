import ArgumentParser
import Foundation
import Pictures
import Steering

extension Inversion: ExpressibleByArgument {}

struct Render: EngineCommand {
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

    @OptionGroup var options: EngineOptions

    var inputs: [String] { [picture, recipe].compactMap { $0 } }
    var outputs: [String] { [output] }

    func validate() throws {
        guard picture == nil || prompt == nil else { throw ValidationError("Give either a picture or --prompt.") }
        guard picture != nil || prompt != nil || recipe != nil else { throw ValidationError("Give a picture, --prompt or --recipe.") }
        if negativePrompt != nil && prompt == nil { throw ValidationError("--negative-prompt has no meaning without --prompt.") }
        if prompt != nil { try refuseInversion() }
        if let steps, !(1...1000).contains(steps) { throw ValidationError("--steps must lie between 1 and 1000.") }
        if let guidance, !guidance.isFinite || guidance < 0 { throw ValidationError("--guidance must be a number from 0.") }
        if let assignment = add.first(where: { $0.amount == nil }) {
            throw ValidationError("--add takes a number to add, not \(assignment.value).")
        }
        if inversion != nil && start == .noise { throw ValidationError("--inversion has no meaning with --start noise.") }
        if start == .inversion && seed != nil { throw ValidationError("--seed has no meaning with --start inversion.") }
    }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        try Files.format(of: output)
        let numbers = (set.map { ($0.text, $0.number ?? 0) } + add.map { ($0.text, $0.amount ?? 0) })
        if let wrong = (numbers + direction.map { ($0.text, $0.amount) }).first(where: { !$0.1.isFinite }) {
            throw CommandError.notFinite(wrong.0)
        }
        let path = recipe
        let recipe = try path.map(Self.recipe)
        // Before networks are loaded, which takes long: a name may be mistyped.
        let edits = try AskedEdits(set: set, add: add, directions: direction, to: recipe?.stack ?? EditStack(), pack: options.packFolder)
        if picture == nil, let prompt = prompt(recipe) {
            try await draw(prompt, recipe, edits, bar, log)
        } else if let picture = picture ?? path.flatMap({ path in recipe.flatMap { Self.picture(of: $0, at: path) } }) {
            if !force { try Files.protect([picture], from: outputs) }
            try await change(picture, recipe, edits, bar, log)
        }
    }

    private func change(_ picture: String, _ recipe: Recipe?, _ edits: AskedEdits, _ bar: ProgressBar, _ log: Log) async throws {
        let (source, content) = try Files.picture(picture)
        let (engine, pack) = try await options.engine(bar, log)
        warn(of: recipe, pack)
        let sampling = sampling(recipe, pack)
        let analysis = try await engine.analyse(source) { bar.show($0) }
        let activations = try await engine.activations(analysis.id)
        bar.clear()
        let stack = try edits.stack(on: activations)
        let request = RenderRequest(
            analysis: analysis.id, changes: stack.changes { activations[$0] }, sampling: sampling, restoresSize: true)
        let made = try await engine.render(request) { bar.show($0) }
        let written = Recipe(
            pack: .init(name: pack.name, fingerprint: pack.fingerprint), picture: .init(path: picture, content: content),
            sampling: sampling, stack: stack)
        try write(made, written)
    }

    /// Writes a picture that carries its recipe where its format can.
    func write(_ picture: Picture, _ recipe: Recipe) throws {
        try Files.write(picture, recipe.pngText, to: output)
    }

    /// The recipe's settings, changed by the options that were given.
    func sampling(_ recipe: Recipe?, _ pack: PackSummary) -> Sampling {
        var sampling = recipe?.sampling ?? Sampling(steps: pack.steps)
        if let steps { sampling.steps = steps }
        if let guidance { sampling.guidance = guidance }
        if let inversion { sampling.inversion = inversion }
        if start == .inversion || inversion != nil { sampling.start = .inversion }
        if start == .noise || seed != nil { sampling.start = .noise(seed: seed ?? recipe?.seed ?? 0) }
        return sampling
    }
}
