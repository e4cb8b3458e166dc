import ArgumentParser
import Foundation
import Pictures
import Steering

struct Preprocess: EngineCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a picture's embedding, inverted latents and strongest features as JSON.")

    @Argument(help: "A PNG, JPEG or WebP file; - is standard input.", completion: .picture)
    var picture: String

    @Option(help: ArgumentHelp("How many of the strongest features to list.", valueName: "n"))
    var nFeatures = 3

    @Flag(help: "Add icons that show each listed feature at several values.")
    var icons = false

    @Option(help: ArgumentHelp("Inversion steps.", valueName: "n"))
    var invertSteps: Int?

    @Option(
        help: ArgumentHelp("Write every intermediate to this safetensors file.", valueName: "file"),
        completion: .file(extensions: ["safetensors"]))
    var tensors: String?

    @OptionGroup var options: EngineOptions

    func validate() throws {
        if nFeatures < 0 { throw ValidationError("--n-features must be at least 0.") }
        try Ranges.steps.validate(invertSteps, "--invert-steps")
    }

    var inputs: [String] { [picture] }
    var outputs: [String] { tensors.map { [$0] } ?? [] }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        let picture = try Files.picture(picture).picture
        let (engine, pack) = try await options.engine(bar, log)
        let result = try await engine.preprocess(
            picture, features: nFeatures, icons: icons, invertSteps: invertSteps ?? pack.invertSteps,
            tensors: tensors.map { URL(fileURLWithPath: $0) }
        ) { bar.show($0) }
        bar.clear()
        try Files.printJSON(result)
    }
}
