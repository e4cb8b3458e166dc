import ArgumentParser
import Foundation
import Steering

struct LibraryMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Merge the shards of a library.",
        discussion: "The result is the same as of one build over all pictures. Your labels, groups and directions in OUT are kept.")

    @Argument(help: ArgumentHelp("The library to write; it may exist already.", valueName: "out"))
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
            try StandardOutput.print("\(summary.embeddings) embeddings, \(summary.activeFeatures) features are active\n\(output.path)")
        }
    }
}
