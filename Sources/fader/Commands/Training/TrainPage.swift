import ArgumentParser
import Foundation
import Training

struct TrainPage: TrainingCommand {
    static let configuration = CommandConfiguration(
        commandName: "page", abstract: "Draw the pictures that show what a pack of drawn scenes does.",
        discussion: """
            Writes drawn.webp, worst.webp and a sheet of sliders for each factor: held-out scenes, drawn from noise. A reader of factors finds \
            what went worst; train it first.
            """)

    @Option(help: ArgumentHelp("A pack to compare with.", valueName: "dir"))
    var before: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the pictures.", valueName: "dir"))
    var output = "docs/demo-pack"

    @Option(help: ArgumentHelp("How many scenes are drawn, of which the worst are shown.", valueName: "n"))
    var drawn = 64

    @OptionGroup var options: Train.Options

    func validate() throws {
        if !(1...1_000_000).contains(drawn) { throw ValidationError("--drawn must lie between 1 and 1,000,000.") }
    }

    func run() throws {
        func report(_ what: String) { FileHandle.standardError.write(Data("\(what)\n".utf8)) }
        try options.training { training, stop in
            let page = try DemoPage(
                pack: try options.common.packFolder, before: before.map { URL(fileURLWithPath: $0) }, reader: training.weights(of: .reader),
                drawn: drawn, report: report)
            try page.write(to: URL(fileURLWithPath: output), stop: stop, report: report)
        }
    }
}
