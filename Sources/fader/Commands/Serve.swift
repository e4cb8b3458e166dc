import ArgumentParser
import Foundation
import Jobs
import Server
import Steering

struct Serve: EngineCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve a pack over HTTP: to a page, to programs, and to clients of other servers.",
        discussion: """
            A browser shows the page at the address that the command prints. Programs find what there is in /openapi.json there; docs/server.md \
            tells more. Only programs on this machine reach the server unless --listen says otherwise, which takes a --token and, before \
            the server, a proxy that speaks TLS. SIGTERM or Ctrl-C ends it when the requests in progress are done.
            """)

    @Option(help: ArgumentHelp("The address to listen on; port 0 takes any that is free.", valueName: "address:port"))
    var listen = "127.0.0.1:7860"

    @Option(help: ArgumentHelp("What clients must name to be answered (default: $FADER_TOKEN).", valueName: "token"))
    var token: String?

    @Option(
        help: ArgumentHelp(
            "Let pages of this origin use the server, such as http://localhost:3000; may be repeated. * means all, and takes a token.",
            valueName: "origin"))
    var allowOrigin: [String] = []

    @Option(help: ArgumentHelp("Where preprocess_image is: a path, or a host and a path.", valueName: "path"))
    var preprocessPath = "/preprocess_image"

    @Option(help: ArgumentHelp("Where generate_image is: a path, or a host and a path.", valueName: "path"))
    var generatePath = "/generate_image"

    @Option(
        help: ArgumentHelp("Keep uploads and results in this folder (default: fader/server in $XDG_STATE_HOME).", valueName: "dir"),
        completion: .directory)
    var folder: String?

    @OptionGroup var options: EngineOptions

    func validate() throws {
        do { _ = try ListenAddress(listen) } catch { throw ValidationError(Sentence.of(error)) }
    }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        let environment = ProcessInfo.processInfo.environment
        var settings = ServerOptions(
            listen: try ListenAddress(listen), token: token ?? environment["FADER_TOKEN"].flatMap { $0.isEmpty ? nil : $0 },
            origins: allowOrigin, folder: try folder(environment))
        (settings.preprocessPlace, settings.generatePlace) = (preprocessPath, generatePath)
        try settings.requireSafety()
        let queue = try JobsCommand.queue()
        let (engine, pack) = try await options.engine(bar, log)
        bar.clear()
        let worker = JobWorker(
            queue, program: Files.program, engine: (engine, pack), device: options.device, dataType: options.dtype, threads: options.threads
        ) {
            log.write($0)
        } sentence: {
            Sentence.of($0)
        }
        let server = try await Server(settings, engine: engine, pack: pack, queue: queue, worker: worker) { log.write($0) }
        let address = ListenAddress(host: settings.listen.host, port: server.port)
        StandardError.say("Serving \(pack.name) at http://\(address.description); Ctrl-C ends it.")
        log.write("listening on \(address.description)")
        await Self.untilTermination()
        log.write("stopping")
        await server.stop()
    }

    private func folder(_ environment: [String: String]) throws -> URL {
        if let folder { return URL(fileURLWithPath: folder) }
        guard let state = UserFolders.state(environment) else {
            throw ValidationError("There is no place for the server's files: set $HOME or $XDG_STATE_HOME, or give --folder.")
        }
        return state.appendingPathComponent("server")
    }

    /// Waits for Ctrl-C or SIGTERM, which cancel the task.
    private static func untilTermination() async {
        let (endings, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in endings {}
        continuation.finish()
    }
}
