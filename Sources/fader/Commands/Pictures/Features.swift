import ArgumentParser
import Foundation
import Pictures
import Steering

struct Features: EngineCommand {
    static let configuration = CommandConfiguration(abstract: "List the strongest features of a picture.")

    @Argument(help: "A PNG, JPEG or WebP file; - is standard input.", completion: .picture)
    var picture: String

    @Option(name: [.customShort("n", allowingJoined: true), .long], help: ArgumentHelp("How many features to list.", valueName: "count"))
    var count = 10

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: EngineOptions

    func validate() throws {
        if count < 1 { throw ValidationError("-n must be at least 1.") }
    }

    var inputs: [String] { [picture] }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        let picture = try Files.picture(picture).picture
        let (engine, _) = try await options.engine(bar, log)
        let analysis = try await engine.analyse(picture) { bar.show($0) }
        let features = analysis.features
        bar.clear()
        let total = features.reduce(0) { $0 + $1.effect }
        let rows = features.prefix(count).map { Row($0, total: total) }
        if json { try Files.printJSON(rows) } else { try StandardOutput.print(Self.table(rows)) }
        if let reconstruction = analysis.reconstruction { Self.tell(reconstruction) }
    }

    /// Says how far the features can be trusted, beside the results: to people always, in a script's errors only what is wrong.
    private static func tell(_ reconstruction: Reconstruction) {
        let share = (reconstruction.explained * 100).text(decimals: 1)
        if StandardError.isTerminal {
            StandardError.write(
                "Reconstruction: cosine \(reconstruction.cosine.text(decimals: 3)), \(share) % of the variance explained, "
                    + "\(reconstruction.activeCount) features active.\n")
        }
        guard reconstruction.isPoor else { return }
        StandardError.write(
            "Warning: the autoencoder leaves out more of this picture's embedding than it explains; it may have been trained on another "
                + "model's embeddings or on other pictures, and its features say little here.\n")
    }

    /// One feature as it is printed.
    struct Row: Encodable {
        let index: Int
        let label: String?
        let activation, norm, effect, share: Float

        init(_ feature: Feature, total: Float) {
            index = feature.index
            label = feature.label
            activation = feature.activation
            norm = feature.norm
            effect = feature.effect
            share = total > 0 ? feature.effect / total : 0
        }
    }

    private static func table(_ rows: [Row]) -> String {
        TextTable(
            head: ["feature", "label", "activation", "activation×‖d‖", " share"], isNumber: [true, false, true, true, true]
        ).text(
            rows.map { row in
                [
                    String(row.index), row.label ?? "", row.activation.text(decimals: 3), row.effect.text(decimals: 3),
                    (row.share * 100).text(decimals: 1) + " %",
                ]
            })
    }
}
