import ArgumentParser
import Foundation
import Steering

struct LibraryMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Join the shards of a library.",
        discussion: "The result is the same as of one build over all pictures. What the user has made in OUT stays.")

    @Argument(help: ArgumentHelp("Where the library goes; it may be there already.", valueName: "out"))
    var output: String

    @Argument(help: ArgumentHelp("All shards, as fader library build --shard made them.", valueName: "shard"), completion: .file())
    var shards: [String]

    @OptionGroup var options: EngineOptions

    func run() throws {
        try Files.protect(shards, from: [output])
        let (output, shards, bar) = (
            URL(fileURLWithPath: output), shards.map { URL(fileURLWithPath: $0) }, ProgressBar(quiet: options.quiet)
        )
        try Interruption.cancellable {
            defer { bar.clear() }
            let summary = try LibraryMerge.join(shards, into: output) { bar.show($0) }
            bar.clear()
            try StandardOutput.print("\(summary.embeddings) embeddings, \(summary.liveFeatures) features fire\n\(output.path)")
        }
    }
}
