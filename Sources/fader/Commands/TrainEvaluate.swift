import ArgumentParser
import Foundation
import Training

struct TrainEvaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure a pack of drawn scenes, and write the figures with 95 % intervals.",
        discussion: "Held-out scenes are drawn, embedded, reconstructed and steered; a reader of factors judges. Train the reader first.")

    @Option(help: ArgumentHelp("The pack to measure.", valueName: "dir"))
    var pack = "assets/demo"

    @Option(name: .shortAndLong, help: ArgumentHelp("Where the figures go.", valueName: "file"))
    var output = "metrics.json"

    @Option(help: ArgumentHelp("Held-out scenes that are embedded, reconstructed and read.", valueName: "n"))
    var count = 2000

    @Option(help: ArgumentHelp("Of these, how many are drawn by diffusion.", valueName: "n"))
    var drawn = 512

    @Option(help: ArgumentHelp("Of these, how many are inverted and drawn again.", valueName: "n"))
    var inverted = 64

    @Option(help: ArgumentHelp("Of these, how many are steered to each factor value.", valueName: "n"))
    var steered = 16

    @OptionGroup var options: Train.Options

    func validate() throws {
        for (name, value) in [("count", count), ("drawn", drawn), ("inverted", inverted), ("steered", steered)]
        where !(1...1_000_000).contains(value) {
            throw ValidationError("--\(name) must lie between 1 and 1,000,000.")
        }
    }

    func run() throws {
        try options.training { training, _ in
            let settings = Evaluation.Settings(scenes: count, drawn: drawn, inverted: inverted, steered: steered)
            let evaluation = try Evaluation(
                pack: URL(fileURLWithPath: pack), reader: training.weights(of: .reader), settings: settings, report: report)
            let figures = try evaluation.figures(report: report)
            try figures.write(to: URL(fileURLWithPath: output))
            print(figures.summary)
        }
    }

    private func report(_ what: String) { FileHandle.standardError.write(Data("\(what)\n".utf8)) }
}
