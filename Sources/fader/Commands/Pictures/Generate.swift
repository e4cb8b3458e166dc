import ArgumentParser
import Foundation
import Steering

struct Generate: EngineCommand {
    static let configuration = CommandConfiguration(
        abstract: "Render what preprocess printed, with some features set, and print the picture as JSON.",
        discussion: """
            The request is JSON with image_embeds and inv_latents. Each activation in feature_val is set for the feature at the same place in \
            feature_idx; without the two, the picture stays as it is. Without height and width, they are what the latents give.
            """)

    @Argument(
        help: "The request, as preprocess prints it; - is standard input.",
        completion: .file(extensions: ["json"]))
    var request = "-"

    @Option(help: ArgumentHelp("Sampling steps (default: the pack's).", valueName: "n"))
    var steps: Int?

    @Option(help: ArgumentHelp("The guidance scale; 1 is none.", valueName: "g"))
    var guidance = 1.0

    @Option(
        help: ArgumentHelp("Write the edited embedding and the picture as floats to this safetensors file.", valueName: "file"),
        completion: .file(extensions: ["safetensors"]))
    var tensors: String?

    @OptionGroup var options: EngineOptions

    func validate() throws {
        try Ranges.steps.validate(steps, "--steps")
        try Ranges.guidance.validate(guidance, "--guidance")
    }

    var inputs: [String] { [request] }
    var outputs: [String] { tensors.map { [$0] } ?? [] }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        let request = try GenerateRequest(data: Files.read(request), name: request == "-" ? "standard input" : request)
        let (engine, pack) = try await options.engine(bar, log, embedsPictures: guidance != 1)
        let picture = try await engine.generate(
            request, steps: steps ?? pack.steps, guidance: guidance, tensors: tensors.map { URL(fileURLWithPath: $0) }
        ) { bar.show($0) }
        bar.clear()
        try Files.printJSON(Generated(images: try picture.dataURI))
    }
}
