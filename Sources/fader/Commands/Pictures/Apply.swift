import ArgumentParser
import Foundation
import Pictures
import Steering

struct Apply: EngineCommand, QueueableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Apply a recipe's edits to many pictures.",
        discussion: "A picture that fails is reported on standard error and does not stop the others; the exit code is then 1.")

    @Argument(help: "The recipe: JSON, or a PNG that carries one; - is standard input.", completion: .file(extensions: ["json", "png"]))
    var recipe: String

    @Argument(help: "PNG, JPEG or WebP files; - is standard input.", completion: .picture)
    var pictures: [String]

    @Option(
        name: [.customShort("o", allowingJoined: true), .long],
        help: ArgumentHelp(
            "The folder for the PNG files, each named like its picture; each carries its recipe. - is standard output, for one picture.",
            valueName: "dir"),
        completion: .directory)
    var output: String

    @Flag(help: "Allow the output to replace its picture.")
    var force = false

    @OptionGroup var queueing: Queueing
    @OptionGroup var options: EngineOptions

    func validate() throws {
        if pictures.isEmpty { throw ValidationError("Name at least one picture.") }
    }

    var inputs: [String] { [recipe] + pictures }
    var results: [String] { [output] }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        let path = recipe
        let recipe = try Files.recipe(path)
        if output == "-" {
            guard pictures.count == 1 else { throw CommandError.manyToStandardOutput }
            try Files.requireWritable(output)
        } else {
            try Files.makeFolder(URL(fileURLWithPath: output))
        }
        let (engine, pack) = try await options.engine(bar, log)
        if recipe.stack.isEmpty { StandardError.say("\(path): this recipe has no edits: the pictures stay as they are.") }
        var destinations = PictureDestinations(output, of: pictures, besides: [path], force: force)
        var series = try RecipeSeries(recipe, engine, pack, count: pictures.count) { made, recipe, picture in
            let destination = try destinations.next(for: picture)
            try Files.write(made, recipe.pngText, to: destination)
            log.write("\(picture) is \(destination)")
        } tell: {
            Self.tell($0, bar, log)
        }
        for picture in pictures { try await series.take(picture) { try Files.picture(picture) } }
        try await series.finish()
        bar.clear()
        if output != "-" { try StandardOutput.print("\(series.done) of \(pictures.count) pictures are in \(output).") }
        if series.done < pictures.count { throw ExitCode.failure }
    }

    private static func tell(_ event: RecipeSeries.Event, _ bar: ProgressBar, _ log: Log) {
        switch event {
        case .progress(let progress): bar.show(progress)
        case .unchanged(let picture):
            bar.clear()
            StandardError.say("\(picture): the recipe's edits change nothing in this picture.")
        case .failed(let picture, let error):
            bar.clear()
            let sentence = Sentence.of(error)
            StandardError.say(sentence.contains(picture) ? sentence : "\(picture): \(sentence)")
            log.write("failed: \(picture): \(sentence)")
        }
    }
}
