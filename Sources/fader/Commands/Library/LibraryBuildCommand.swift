import ArgumentParser
import Foundation
import Pictures
import Steering

struct LibraryBuildCommand: EngineCommand, QueueableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Count every feature over many pictures, and save the strongest examples; make icons and labels.",
        discussion: """
            An interrupted build resumes when it is started again. With --shard 3/8, only the third of eight parts of the pictures is counted,
            into a file of its own; fader library merge joins them. Your labels, groups and directions are kept.
            """)

    @Option(help: ArgumentHelp("Count over all PNG, JPEG and WebP files in this folder.", valueName: "dir"), completion: .directory)
    var pictures: String?

    @Option(
        help: ArgumentHelp("Count over the embeddings [count, width] in this safetensors file.", valueName: "file"),
        completion: .file(extensions: ["safetensors"]))
    var embeddings: String?

    @Option(help: ArgumentHelp("Count only shard i of n.", valueName: "i/n"))
    var shard: LibraryShard?

    @Flag(help: "Make an icon for every active feature.")
    var icons = false

    @Flag(help: "Label features by the nearest words; the pack needs a text tower.")
    var labels = false

    @Flag(help: "Rename a library that cannot be used, and make a new one.")
    var renew = false

    @OptionGroup var place: LibraryCommand.Place
    @OptionGroup var queueing: Queueing
    @OptionGroup var options: EngineOptions

    func validate() throws {
        if pictures != nil && embeddings != nil { throw ValidationError("Give either --pictures or --embeddings.") }
        if source == nil && !icons && !labels { throw ValidationError("Give --pictures, --embeddings, --icons or --labels.") }
        if shard != nil && (source == nil || icons || labels) {
            throw ValidationError("A shard is built from --pictures or --embeddings alone; make icons and labels after the merge.")
        }
    }

    private var source: LibrarySource? {
        pictures.map { .pictures(URL(fileURLWithPath: $0).resolvingSymlinksInPath()) }
            ?? embeddings.map { .embeddings(URL(fileURLWithPath: $0)) }
    }

    var inputs: [String] { embeddings.map { [$0] } ?? [] }
    var outputs: [String] { place.library.map { [$0] } ?? [] }
    var results: [String] { outputs }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        let pack = try Pack(options.packFolder)
        let url = try place.url ?? LibraryLocation.file(of: pack, shard: shard)
        if renew, let kept = try LibraryLocation.setAside(url) { StandardError.say("The library that was there is now \(kept.path).") }
        let library = try FeatureLibrary(of: pack, at: url)
        try library.requireIntact()
        log.write("building \(url.path)")
        var lines: [String] = []
        if let source { lines.append(try await count(source, pack, library, bar, log)) }
        if icons || labels {
            let (engine, _) = try await options.engine(bar, log)
            if labels { lines.append(try await LibraryLabel.byWords(engine, pack, library, bar)) }
            if icons {
                let count = try await engine.makeIcons(in: library, fallback: source?.firstPicture) { bar.show($0) }
                lines.append("\(count) icons")
            }
        }
        bar.clear()
        try StandardOutput.print((lines + [url.path]).joined(separator: "\n"))
    }

    private func count(
        _ source: LibrarySource, _ pack: Pack, _ library: FeatureLibrary, _ bar: ProgressBar, _ log: Log
    ) async throws -> String {
        let request = LibraryBuildRequest(source, shard: shard ?? .whole)
        let summary = try await Engine(threads: options.threads)
            .build(library, of: pack, request, device: options.device, dataType: options.dtype) {
                bar.show($0)
            } remark: {
                log.write($0)
            }
        bar.clear()
        for complaint in summary.unreadable { StandardError.say(complaint) }
        return "\(summary.embeddings) embeddings, \(summary.activeFeatures) of \(library.featureCount) features are active"
    }
}
