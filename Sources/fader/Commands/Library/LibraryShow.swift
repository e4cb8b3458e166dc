import ArgumentParser
import Foundation
import Steering

struct LibraryShow: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show all that is known about a feature.")

    @Argument(help: ArgumentHelp("The feature, by number or label.", valueName: "feature"))
    var name: FeatureName

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: LibraryCommand.Options

    func run() throws {
        let library = try options.library()
        let index = try FeatureNames(library).feature(name)
        let shown = Shown(
            feature: LibraryRow(try library.feature(index)), examples: try library.examples(of: index).map(Shown.Example.init),
            histogram: try library.histogram(of: index).map(Shown.ranges) ?? [], hasIcon: try library.icon(of: index) != nil)
        try json ? Files.printJSON(shown, sorted: true) : StandardOutput.print(shown.text)
    }
}

/// A feature with its pictures and its histogram.
private struct Shown: Encodable {
    struct Example: Encodable {
        let activation: Float
        let path: String
        let sha256: String?

        init(_ example: FeatureExample) {
            activation = example.activation
            path = example.path
            sha256 = example.sha256
        }
    }

    struct Range: Encodable {
        let from: Float
        let count: UInt32
    }

    let feature: LibraryRow
    let examples: [Example]
    /// Only ranges that hold any.
    let histogram: [Range]
    let hasIcon: Bool

    static func ranges(_ histogram: ActivationHistogram) -> [Range] {
        histogram.counts.enumerated().filter { $0.element > 0 }
            .map { Range(from: ActivationHistogram.lowerBound(of: $0.offset), count: $0.element) }
    }

    var text: String {
        let table = zip(LibraryRow.columns, feature.fields).filter { !$0.1.isEmpty }.map { $0.padding(to: 15) + $1 }
        let unclear = feature.label == nil && feature.labelSource == .words ? ["label".padding(to: 15) + feature.shownLabel] : []
        let icon = ["icon".padding(to: 15) + (hasIcon ? "made" : "not made yet")]
        let pictures = examples.map { $0.activation.text(decimals: 3).leftPadding(to: 10) + "  " + $0.path }
        return
            (table + unclear + icon + (histogram.isEmpty ? [] : ["", "activations"] + bars)
            + (pictures.isEmpty ? [] : ["", "strongest pictures"] + pictures)).joined(separator: "\n")
    }

    private var bars: [String] {
        let most = histogram.map(\.count).max() ?? 1
        return histogram.map { range in
            let length = max(1, Int((Double(range.count) / Double(most) * 40).rounded()))
            return range.from.text(decimals: 3).leftPadding(to: 10) + "  " + String(repeating: "█", count: length) + " \(range.count)"
        }
    }
}
