import ArgumentParser
import Foundation
import Steering

struct LibraryLabel: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "label", abstract: "Label a feature, or all features by the nearest words.",
        discussion: """
            Your own labels win over all others and stay when the library is built again; an empty label removes yours. With --auto, the directions of
            features are compared with those of words in several sentences; the score is a cosine, and the runner-up is kept.
            """)

    @Argument(help: ArgumentHelp("The feature, by its number or the label that it has.", valueName: "feature"))
    var name: FeatureName?

    @Argument(help: "Its label.")
    var label: String?

    @Flag(help: "Label features by words; the pack needs a text tower.")
    var auto = false

    @Option(
        help: ArgumentHelp(
            "Words and phrases, one to a line (default: the pack's vocabulary.txt, or its labels, or everyday words).", valueName: "file"),
        completion: .file())
    var vocabulary: String?

    @Option(
        help: ArgumentHelp(
            "The cosine below which a feature is unclear (default: what one in twenty random directions reaches).", valueName: "t"))
    var threshold: Float?

    @OptionGroup var place: LibraryCommand.Place
    @OptionGroup var options: EngineOptions

    func validate() throws {
        if auto != (name == nil) || auto != (label == nil) { throw ValidationError("Give a feature and its label, or --auto.") }
        if !auto && (vocabulary != nil || threshold != nil) { throw ValidationError("--vocabulary and --threshold go with --auto.") }
        if let threshold, !(-1...1).contains(threshold) { throw ValidationError("--threshold must lie between -1 and 1.") }
    }

    var inputs: [String] { vocabulary.map { [$0] } ?? [] }
    var outputs: [String] { place.library.map { [$0] } ?? [] }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        let pack = try Pack(options.packFolder)
        let library = try FeatureLibrary(of: pack, at: place.url)
        if let name, let label { return try library.setLabel(label, of: FeatureNames(library).feature(name)) }
        let words = try vocabulary.map { try LabelVocabulary(contentsOf: URL(fileURLWithPath: $0)) }
        let (engine, _) = try await options.engine(bar, log)
        let report = try await Self.byWords(engine, pack, library, bar, vocabulary: words, threshold: threshold)
        try StandardOutput.print(report)
    }

    /// Labels features by words, and says what came of it.
    static func byWords(
        _ engine: Engine, _ pack: Pack, _ library: FeatureLibrary, _ bar: ProgressBar, vocabulary: LabelVocabulary? = nil,
        threshold: Float? = nil
    ) async throws -> String {
        let vocabulary = try vocabulary ?? LabelVocabulary(pack: pack)
        let summary = try await engine.label(library, by: vocabulary, threshold: threshold) { bar.show($0) }
        bar.clear()
        let result = "\(summary.labelled) labelled by words, \(summary.unclear) unclear below \(summary.threshold.text(decimals: 3))"
        guard let agreement = summary.agreement else { return result }
        let compared = "of \(agreement.compared) labels of the pack, words agree with \(agreement.equalFirst)"
        let second = "with \(agreement.equalFirstOrSecond) counting the runner-up"
        return "\(result)\n\(compared), \(second); \(String(format: "%.1f", agreement.expectedByChance)) would by chance"
    }
}
