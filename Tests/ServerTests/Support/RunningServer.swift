import Foundation
import Jobs
import Steering
import TestSupport

@testable import Server

/// A server of the demo pack on a port of its own. All tests share one engine, which takes a while to open.
final class RunningServer: Sendable {
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private actor SharedEngine {
        static let shared = SharedEngine()
        private var opened: (Engine, PackSummary)?

        func engine() async throws -> (Engine, PackSummary) {
            if let opened { return opened }
            let engine = Engine()
            let pack = try await engine.open(repository.appendingPathComponent("assets/demo"), device: "cpu")
            opened = (engine, pack)
            return (engine, pack)
        }
    }

    let folder: TemporaryFolder
    let server: Server
    let engine: Engine
    let pack: PackSummary

    var port: Int { server.port }

    init(in folder: TemporaryFolder? = nil, _ change: (inout ServerOptions) -> Void = { _ in }) async throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        (engine, pack) = try await SharedEngine.shared.engine()
        var options = ServerOptions(listen: try ListenAddress("127.0.0.1:0"), folder: folder.url)
        change(&options)
        let queue = try JobQueue(folder: folder.url.appendingPathComponent("jobs"))
        let worker = JobWorker(queue, program: URL(fileURLWithPath: "/nonexistent"), engine: (engine, pack))
        server = try await Server(options, engine: engine, pack: pack, queue: queue, worker: worker)
    }

    /// Runs a test with a server that is stopped in the end.
    /// - Parameter folder: the server's folder, which holds the queue as well; nil makes one.
    static func with<Value>(
        in folder: TemporaryFolder? = nil, _ change: (inout ServerOptions) -> Void = { _ in },
        _ body: (RunningServer) async throws -> Value
    ) async throws -> Value {
        let running = try await RunningServer(in: folder, change)
        do {
            let value = try await body(running)
            await running.server.stop()
            return value
        } catch {
            await running.server.stop()
            throw error
        }
    }

    static var sample: Data {
        get throws { try Data(contentsOf: repository.appendingPathComponent("assets/samples/01.png")) }
    }

    func get(_ target: String, headers: [String: String] = [:]) async throws -> Reply? {
        try await ask("GET", target, port: port, headers: headers)
    }

    func post(_ target: String, type: String, _ body: Data, headers: [String: String] = [:]) async throws -> Reply? {
        try await ask("POST", target, port: port, headers: headers.merging(["Content-Type": type]) { $1 }, body: body)
    }

    func post(json: String, to target: String, headers: [String: String] = [:]) async throws -> Reply? {
        try await post(target, type: "application/json", Data(json.utf8), headers: headers)
    }

    /// Uploads the sample.
    /// - Returns: its id.
    func upload() async throws -> String {
        struct Uploaded: Decodable { let id: String }
        let reply = try await post("/v1/pictures", type: "image/png", Self.sample)
        guard let reply else { throw CocoaError(.fileReadUnknown) }
        return try reply.json(Uploaded.self).id
    }
}

/// The lines that a program prints; what waits does so on a thread of its own.
func output(of program: String, _ arguments: [String]) async throws -> [Substring] {
    try await withCheckedThrowingContinuation { continuation in
        Thread {
            continuation.resume(
                with: Result {
                    let process = Process()
                    process.executableURL = URL(fileURLWithPath: program)
                    process.arguments = arguments
                    let pipe = Pipe()
                    process.standardOutput = pipe
                    try process.run()
                    let data = pipe.fileHandleForReading.readDataToEndOfFile()
                    process.waitUntilExit()
                    return String(decoding: data, as: UTF8.self).split(separator: "\n")
                })
        }.start()
    }
}
