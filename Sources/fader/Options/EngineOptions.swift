import ArgumentParser
import Foundation
import Steering

/// The options of every command that computes.
struct EngineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder with the model's weights, or a name of fader pack list (default: $FADER_PACK, or the demo pack).", valueName: "dir"),
        completion: .directory)
    var pack: String?

    @Option(
        help: ArgumentHelp("Where to compute: auto, cpu or cuda[:N].", valueName: "device"), completion: .list(["auto", "cpu", "cuda"]))
    var device = "auto"

    @Option(
        help: ArgumentHelp("The number type: auto, float32, bfloat16 or float16.", valueName: "type"),
        completion: .list(["auto", "float32", "bfloat16", "float16"]))
    var dtype = "auto"

    @Option(help: ArgumentHelp("How many threads to use per operation (default: what suits the pack).", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("Append a log to this file.", valueName: "file"), completion: .file())
    var log: String?

    @Flag(name: [.customShort("q"), .long], help: "Show no progress.")
    var quiet = false

    func validate() throws {
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must lie between 1 and 1024.") }
    }

    /// The pack that is named, or else the one that commands use when none is.
    /// - Throws: `SteeringError.noPackFound`, `NamedPackError`.
    var packFolder: URL {
        get throws {
            let environment = ProcessInfo.processInfo.environment
            if let pack { return try NamedPacks(environment: environment).folder(of: pack) }
            return try Pack.defaultFolder(environment: environment, program: Files.program)
        }
    }

    /// An engine with the pack open.
    /// - Parameter embedsPictures: whether what embeds pictures is loaded now, or when it is first needed.
    func engine(_ bar: ProgressBar, _ log: Log, embedsPictures: Bool = true) async throws -> (engine: Engine, pack: PackSummary) {
        let engine = Engine(threads: threads)
        let summary = try await engine.open(packFolder, device: device, dataType: dtype, embedsPictures: embedsPictures) {
            bar.show($0)
        } remark: {
            log.write($0)
        }
        log.write("opened \(summary.name) \(summary.fingerprint) on \(summary.device) in \(summary.dataType)")
        return (engine, summary)
    }
}
