import ArgumentParser
import Foundation
import Pictures
import Steering

struct Features: EngineCommand {
    static let configuration = CommandConfiguration(abstract: "List the features that a picture shows most strongly.")

    @Argument(help: "A PNG, JPEG or WebP file.", completion: .picture)
    var picture: String

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many.", valueName: "count"))
    var count = 10

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: EngineOptions

    func validate() throws {
        if count < 1 { throw ValidationError("-n must be at least 1.") }
    }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        let picture = try Picture(contentsOf: URL(fileURLWithPath: picture))
        let (engine, _) = try await options.engine(bar, log)
        let features = try await engine.analyse(picture) { bar.show($0) }.features
        bar.clear()
        let total = features.reduce(0) { $0 + $1.effect }
        let rows = features.prefix(count).map { Row($0, total: total) }
        if json { try Files.printJSON(rows) } else { try StandardOutput.print(Self.table(rows)) }
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
        let labels = max(5, rows.map { $0.label?.count ?? 0 }.max() ?? 0)
        let head = "feature  " + "label".padding(to: labels) + "  activation  activation×‖d‖   share"
        return
            ([head]
            + rows.map { row in
                String(row.index).leftPadding(to: 7) + "  " + (row.label ?? "").padding(to: labels) + "  "
                    + row.activation.text(decimals: 3).leftPadding(to: 10) + "  " + row.effect.text(decimals: 3).leftPadding(to: 14) + "  "
                    + ((row.share * 100).text(decimals: 1) + " %").leftPadding(to: 6)
            }).joined(separator: "\n")
    }
}
