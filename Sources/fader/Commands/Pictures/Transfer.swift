import ArgumentParser
import Foundation
import Pictures
import Steering

struct Transfer: EngineCommand, QueueableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Transfer features from another picture, or list those that differ.",
        discussion: """
            Without -o, the features of both are listed side by side, the largest difference first. With --minus, what makes one donor the \
            other is added to the picture, whatever that shows itself.
            """)

    @Argument(help: "The picture to change: a PNG, JPEG or WebP file; - is standard input.", completion: .picture)
    var target: String

    @Option(name: .customLong("from"), help: ArgumentHelp("The picture to take features from.", valueName: "picture"), completion: .picture)
    var donor: String

    @Option(
        help: ArgumentHelp("Take the difference to this picture instead of the target.", valueName: "picture"), completion: .picture)
    var minus: String?

    @Option(help: ArgumentHelp("Transfer only these features, by number or label.", valueName: "f,f,…"))
    var features: FeatureNameList?

    @Option(help: ArgumentHelp("Transfer the features whose effect, activation × ‖d‖, differs by at least this.", valueName: "effect"))
    var above: Float?

    @Flag(help: "Transfer all features (the default).")
    var all = false

    @Option(parsing: .unconditional, help: ArgumentHelp("How much of the difference to apply: 0 is nothing, 1 all.", valueName: "s"))
    var strength: Float = 1

    @Option(
        name: [.customShort("o", allowingJoined: true), .long],
        help: ArgumentHelp("The PNG, JPEG or WebP file to write; PNG carries its recipe. - is standard output.", valueName: "out.png"),
        completion: .picture)
    var output: String?

    @Option(help: ArgumentHelp("Write the recipe to this file as well.", valueName: "file"), completion: .file(extensions: ["json"]))
    var saveRecipe: String?

    @Option(name: [.customShort("n", allowingJoined: true), .long], help: ArgumentHelp("How many features to list.", valueName: "count"))
    var count = 20

    @Flag(help: "List as JSON.")
    var json = false

    @Flag(help: "Allow the output to replace one of the pictures.")
    var force = false

    @OptionGroup var queueing: Queueing
    @OptionGroup var options: EngineOptions

    var inputs: [String] { [target, donor, minus].compactMap { $0 } }
    var outputs: [String] { [output, saveRecipe].compactMap { $0 } }
    var results: [String] { outputs }

    func validate() throws {
        if [features != nil, above != nil, all].filter({ $0 }).count > 1 {
            throw ValidationError("Give one of --features, --above and --all.")
        }
        if let above, !above.isFinite || above < 0 { throw ValidationError("--above must be a number from 0.") }
        try Ranges.strength.validate(strength, "--strength")
        if count < 1 { throw ValidationError("-n must be at least 1.") }
        if saveRecipe != nil && output == nil { throw ValidationError("--save-recipe needs a picture to be made: give -o.") }
    }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        try output.map { _ = try Files.format(of: $0) }
        // All are read before the pack is opened: a mistyped name is told at once.
        let (picture, content) = try Files.picture(target)
        let (giver, other) = (try Files.picture(donor).picture, try minus.map { try Files.picture($0).picture })
        let names = try features == nil ? nil : FeatureNames(pack: Pack(options.packFolder))
        let wanted = try features?.names.compactMap { try names?.feature($0) }
        let (engine, pack) = try await options.engine(bar, log)
        if let outside = wanted?.first(where: { $0 >= pack.featureCount }) {
            throw SteeringError.featureOutOfRange(outside, count: pack.featureCount)
        }
        let analysis = try await engine.analyse(picture) { bar.show($0) }
        let end = try await engine.analyse(giver)
        let start = try await other.asyncMap { try await engine.analyse($0) } ?? analysis
        let differences = choice(wanted)(FeatureDifference.all(from: start.features, to: end.features))
        guard let output else { return try list(differences, bar) }
        bar.clear()
        if differences.isEmpty || strength == 0 {
            let reason = strength == 0 ? "at a strength of 0" : "no such feature differs between the two"
            StandardError.say("The picture stays as it is: \(reason).")
        }
        var stack = EditStack()
        stack.transfer(differences, from: Self.name(donor), minus: minus.map(Self.name), strength: strength)
        let request = RenderRequest(.picture(analysis.id), stack: stack, sampling: Sampling(steps: pack.steps), size: .original)
        let made = try await engine.render(request) { bar.show($0) }
        let recipe = Recipe(
            pack: pack.reference, picture: .init(path: target, content: content), sampling: request.sampling, stack: stack)
        try Files.write(made, recipe.pngText, to: output)
        if let saveRecipe { try Files.write(recipe.data(), to: saveRecipe) }
    }

    private func choice(_ wanted: [Int]?) -> FeatureDifference.Choice {
        if let wanted { return .features(Set(wanted)) }
        return above.map(FeatureDifference.Choice.effect) ?? .all
    }

    private static func name(_ path: String) -> String { path == "-" ? "standard input" : URL(fileURLWithPath: path).lastPathComponent }

    private func list(_ differences: [FeatureDifference], _ bar: ProgressBar) throws {
        bar.clear()
        let rows = differences.prefix(count)
        if json { return try Files.printJSON(rows.map(Row.init)) }
        let table = TextTable(head: ["feature", "label", "target", "donor", "difference×‖d‖"], isNumber: [true, false, true, true, true])
        try StandardOutput.print(
            table.text(
                rows.map {
                    [String($0.index), $0.label ?? "", $0.own.text(decimals: 3), $0.donor.text(decimals: 3), $0.effect.text(decimals: 3)]
                }))
    }

    /// One feature as it is printed.
    private struct Row: Encodable {
        let index: Int
        let label: String?
        let target, donor, effect: Float

        init(_ difference: FeatureDifference) {
            (index, label, target, donor, effect) = (
                difference.index, difference.label, difference.own, difference.donor, difference.effect
            )
        }
    }
}

extension Optional where Wrapped: Sendable {
    /// `map` for what waits.
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
