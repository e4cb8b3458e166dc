import ArgumentParser
import Foundation
import Pictures
import Steering

struct Apply: EngineCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the edits of a recipe in many pictures.",
        discussion: "A picture that cannot be made is told on standard error and does not stop the others; the exit code is then 1.")

    @Argument(help: "The recipe: its JSON, or a PNG that carries it.", completion: .file(extensions: ["json", "png"]))
    var recipe: String

    @Argument(help: "PNG, JPEG or WebP files.", completion: .picture)
    var pictures: [String]

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder for the PNG files, each named like its picture; each carries its recipe.", valueName: "dir"),
        completion: .directory)
    var output: String

    @OptionGroup var options: EngineOptions

    func validate() throws {
        if pictures.isEmpty { throw ValidationError("Name at least one picture.") }
    }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        let recipe = try Render.recipe(recipe)
        let folder = URL(fileURLWithPath: output)
        try Files.makeFolder(folder)
        let (engine, pack) = try await options.engine(bar, log)
        try pack.requireFeatures(of: recipe.stack)
        var series = RenderSeries(recipe, engine, pack, folder: folder, pictures: pictures, bar, log)
        for picture in pictures { try await series.take(picture) }
        try await series.finish()
        bar.clear()
        try StandardOutput.print("\(series.done) of \(pictures.count) pictures are in \(output).")
        if series.done < pictures.count { throw ExitCode.failure }
    }
}
