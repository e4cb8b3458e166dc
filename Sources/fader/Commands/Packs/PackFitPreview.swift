import ArgumentParser
import Foundation
import Training

struct PackFitPreview: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit-preview", abstract: "Fit the map from latents to colours that previews use, and save it in the pack.",
        discussion: "Drawn scenes are encoded by the pack's autoencoder; preview.json in the pack's folder is replaced.")

    @OptionGroup var options: PackCommand.Options

    func run() throws {
        let file = try options.url.appendingPathComponent("preview.json")
        try PreviewFit(pack: options.url).write(to: file)
        try StandardOutput.print(file.path)
    }
}
