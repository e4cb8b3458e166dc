import ArgumentParser
import Foundation
import Playground
import Steering
import Terminal

extension Engine: Rendering {}

struct Play: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open the playground: features as sliders, the picture before and after (the default command).")

    @Argument(help: "A PNG, JPEG or WebP file (default: the first sample).", completion: .picture)
    var picture: String?

    @Option(
        help: ArgumentHelp("How to show pictures: auto, sixel, blocks or ascii.", valueName: "how"),
        completion: .list(["auto"] + GraphicsProtocol.allCases.map(\.rawValue)))
    var graphics = "auto"

    @Flag(help: "Leave the mouse to the terminal.")
    var noMouse = false

    @OptionGroup var options: EngineOptions

    func validate() throws {
        if graphics != "auto", GraphicsProtocol(rawValue: graphics) == nil {
            throw ValidationError("--graphics must be auto, sixel, blocks or ascii.")
        }
    }

    func run() throws {
        let log = try Log(options.log)
        let picture = try picture ?? Self.firstSample(beside: options.packFolder)
        let settings = Options(
            pack: options.packFolder, picture: URL(fileURLWithPath: picture), device: options.device, dataType: options.dtype,
            graphics: GraphicsProtocol(rawValue: graphics), usesMouse: !noMouse)
        log.write("playing on \(picture) with \(settings.pack.path)")
        // The program begins on the main thread, and parsing arguments does not leave it.
        try MainActor.assumeIsolated {
            try Program(settings, renderer: Engine(threads: options.threads), device: TerminalDevice()).run()
        }
        log.write("left")
        // The engine may be in the middle of a step; nothing of it is worth waiting for.
        Foundation.exit(0)
    }

    /// The first picture of the folder `samples` beside the pack.
    private static func firstSample(beside pack: URL) throws -> String {
        let folder = pack.deletingLastPathComponent().appendingPathComponent("samples")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        guard let first = names.filter({ $0.hasSuffix(".png") }).sorted().first else {
            throw ValidationError("Name a picture: there are no samples in \(folder.path).")
        }
        return folder.appendingPathComponent(first).path
    }
}
