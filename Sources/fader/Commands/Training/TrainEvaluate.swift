import ArgumentParser
import Foundation
import Training

struct TrainEvaluate: TrainingCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure a pack of drawn scenes, and write the figures with 95 % intervals.",
        discussion: """
            Held-out scenes are drawn, embedded, reconstructed and steered; a factor reader judges the pictures; train it first. The tables \
            go to standard output, all figures to the file. Ctrl-C keeps what was measured: the same command resumes.
            """)

    @Option(name: [.customShort("o", allowingJoined: true), .long], help: ArgumentHelp("The file for the figures.", valueName: "file"))
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
        try options.training { training, stop in
            let settings = Evaluation.Settings(scenes: count, drawn: drawn, inverted: inverted, steered: steered)
            let (pack, reader, output) = (try options.common.packFolder, training.weights(of: .reader), URL(fileURLWithPath: output))
            let evaluation = try Evaluation(pack: pack, reader: reader, settings: settings, report: report)
            let journal = try EvaluationJournal(beside: output, pack: pack, reader: reader, settings: settings)
            let figures = try evaluation.figures(journal, stop: stop, report: report)
            try figures.write(to: output)
            journal.close()
            try StandardOutput.print(figures.tables)
        }
    }

    private func report(_ what: String) { StandardError.say(what) }
}
