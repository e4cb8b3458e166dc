import ArgumentParser
import Foundation
import Jobs
import Pictures
import Playground
import Steering
import Terminal

struct Play: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open the playground: features as sliders, the picture before and after (the default command).")

    private static let graphicsNames = "auto, " + GraphicsProtocol.allCases.dropLast().map(\.rawValue).joined(separator: ", ") + " or ascii"

    @Argument(help: "A PNG, JPEG or WebP file, or a recipe (default: the first sample); - is standard input.", completion: .picture)
    var picture: String?

    @Option(
        help: ArgumentHelp("How to show pictures: \(Self.graphicsNames) (default: config.toml's, or auto).", valueName: "how"),
        completion: .list(["auto"] + GraphicsProtocol.allCases.map(\.rawValue)))
    var graphics: String?

    @Flag(help: "Leave the mouse to the terminal.")
    var noMouse = false

    @Flag(help: "Restore the newest session that has edits.")
    var resume = false

    @OptionGroup var options: EngineOptions

    func validate() throws {
        if let graphics, graphics != "auto", GraphicsProtocol(rawValue: graphics) == nil {
            throw ValidationError("--graphics must be \(Self.graphicsNames).")
        }
        if resume, picture != nil { throw ValidationError("--resume opens the last session's picture; name no other.") }
    }

    func run() throws {
        let log = try Log(options.log)
        let settings = try settings(environment: ProcessInfo.processInfo.environment)
        for problem in settings.configuration.problems { log.write(problem) }
        log.write("playing on \(settings.picture.path) with \(settings.pack.path)")
        // The program begins on the main thread, and parsing arguments does not leave it.
        try MainActor.assumeIsolated {
            let engine = Engine(threads: options.threads) { log.write($0) }
            let program = try Program(settings, engine: engine, device: TerminalDevice())
            defer { program.farewell.map { StandardError.write($0 + "\n") } }
            try program.run()
        }
        if let remark = Engine.remark { log.write(remark) }
        log.write("left")
        // The engine may be in the middle of a step; nothing of it is worth waiting for.
        leave(0)
    }

    /// What to play with: the arguments, then the saved session, then the user's configuration, then what is always there.
    private func settings(environment: [String: String]) throws -> Options {
        let configuration = Configuration.file(environment: environment).map(Configuration.init(contentsOf:)) ?? Configuration()
        let sessions = SessionFolder(environment: environment)
        let resumed = resume ? try sessions?.newest(passOver: Self.tell(ofUnreadable:)) : nil
        sessions?.makeRoom()
        let pack = options.pack ?? resumed?.session.pack ?? (environment["FADER_PACK"] == nil ? configuration.pack : nil)
        let packFolder = try pack.map(NamedPacks(environment: environment).folder(of:)) ?? options.packFolder
        let named = picture == "-" ? try Self.keptInput(environment) : picture.map { URL(fileURLWithPath: $0) }
        let picture =
            try resumed?.file ?? named ?? Self.firstSample(beside: [packFolder] + [try? options.packFolder].compactMap { $0 })
        // Said on the shell at once, and not on the screen after the networks are loaded.
        _ = try Pack(packFolder)
        _ = try Picture.contents(of: picture)
        let protocolName = GraphicsProtocol(rawValue: graphics ?? "")
        return Options(
            pack: packFolder, picture: picture, device: options.device, dataType: options.dtype,
            graphics: graphics == nil ? configuration.graphics : protocolName,
            usesMouse: !noMouse && configuration.usesMouse, sessionFile: sessions?.newFile(),
            jobs: JobQueue.folder(environment: environment), configuration: configuration)
    }

    private static func tell(ofUnreadable session: URL) {
        StandardError.write("\(session.path.drawable): this is not a session that can be read; it is left as it is.\n")
    }

    /// Keeps what standard input holds, and takes keys from the terminal instead.
    private static func keptInput(_ environment: [String: String]) throws -> URL {
        let file = try PictureLocation.keepInput(Files.read("-"), environment: environment)
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { throw CommandError.unreadable("/dev/tty", reason: "there is no terminal to take keys from") }
        dup2(terminal, STDIN_FILENO)
        close(terminal)
        return file
    }

    private static func firstSample(beside packs: [URL]) throws -> URL {
        guard let sample = PictureLocation.firstSample(beside: packs) else {
            throw ValidationError("Name a picture: there are no samples beside \(packs[0].path).")
        }
        return sample
    }
}
