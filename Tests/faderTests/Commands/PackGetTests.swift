import Foundation
import TestSupport
import Testing

@Suite("Downloading a pack", .enabled(if: Tool.areInstalled("python3")), .serialized) struct PackGetTests {
    private let home: TemporaryFolder

    init() throws { home = try TemporaryFolder() }

    private var pack: URL { home.url.appendingPathComponent("data/fader/packs/kandinsky") }
    private var autoencoder: URL { pack.appendingPathComponent("sae/sparse_autoencoder_128.pth") }

    private var places: [String: String] {
        ["HOME": home.url.path, "XDG_DATA_HOME": home.url.appendingPathComponent("data").path]
    }

    private func run(_ arguments: [String]) throws -> Program.Outcome {
        try Program.run(arguments, environment: places)
    }

    private func get(_ server: HubServer, retries: Int = 2, timeout: Double = 20) throws -> Program.Outcome {
        try run(["pack", "get", "kandinsky", "--from", server.address, "--yes", "--retries", "\(retries)", "--timeout", "\(timeout)"])
    }

    private func expectWhole() throws {
        #expect(try Data(contentsOf: autoencoder) == HubServer.autoencoder)
        #expect(try FileManager.default.contentsOfDirectory(atPath: autoencoder.deletingLastPathComponent().path).count == 1)
        for file in HubServer.files {
            let name = file.replacing(HubServer.prior, with: "prior").replacing(HubServer.decoder, with: "decoder")
            #expect(try Data(contentsOf: pack.appendingPathComponent(name)) == Data("content of \(file)".utf8), "\(name)")
        }
        let hashes = try run(["pack", "check", "kandinsky", "--hashes", "--json"])
        #expect(!hashes.complaint.contains("SHA-256"), "\(hashes.complaint)")
    }

    @Test("Everything is fetched and checked, listed with its licence, and opened and removed by its name") func whole() throws {
        let server = try HubServer()
        let outcome = try get(server)
        #expect(outcome.code == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("Apache-2.0") && outcome.complaint.contains(HubServer.decoder))
        try expectWhole()
        #expect(String(decoding: try run(["pack", "list"]).output, as: UTF8.self).contains("kandinsky  downloaded"))
        let count = server.requests.filter { $0.hasPrefix("GET") }.count
        #expect(try get(server).code == 0)
        #expect(server.requests.filter { $0.hasPrefix("GET") }.count == count)
        try Data().write(to: pack.appendingPathComponent("mine.txt"))
        try run(["pack", "remove", "kandinsky"]).expectOneSentence()
        let removed = try run(["pack", "remove", "kandinsky", "--yes"])
        #expect(removed.code == 0 && removed.complaint.contains("stays"), "\(removed.complaint)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: pack.path) == ["mine.txt"])
    }

    @Test("The right file comes in the end", arguments: ["breaks", "norange", "busy", "redirects", "moved", "changes"])
    func survived(fault: String) throws {
        let server = try HubServer(fault)
        let outcome = try get(server)
        #expect(outcome.code == 0, "\(outcome.complaint)")
        try expectWhole()
        let resumed = ["breaks": "bytes=2000-", "redirects": "bytes=1000-", "changes": "bytes=1000-"][fault]
        if let resumed { #expect(server.requests.contains { $0.hasSuffix(resumed) }, "\(server.requests)") }
    }

    @Test(
        "What cannot be right is one sentence, and leaves no bad file",
        arguments: [
            ("wronghash", "SHA-256"), ("short", "announced"), ("forbidden", "restricts"), ("unknown", "restricts"),
            ("huge", "the disk has"), ("loops", "redirect"),
        ])
    func refused(fault: String, words: String) throws {
        let outcome = try get(HubServer(fault))
        #expect(outcome.code == 1)
        #expect(outcome.complaint.split(separator: "\n").last?.contains(words) == true, "\(outcome.complaint)")
        #expect(!FileManager.default.fileExists(atPath: autoencoder.path))
        #expect(!FileManager.default.fileExists(atPath: autoencoder.path + ".part"))
    }

    @Test("A server that brings nothing new is given up", arguments: ["stuck", "wrongrange"]) func fruitless(fault: String) throws {
        let server = try HubServer(fault)
        let outcome = try get(server, retries: 1)
        #expect(outcome.code == 1)
        let words = fault == "stuck" ? "ended after 1000 of 3500 bytes" : "different part"
        #expect(outcome.complaint.split(separator: "\n").last?.contains(words) == true, "\(outcome.complaint)")
        #expect(!FileManager.default.fileExists(atPath: autoencoder.path))
    }

    @Test("Ctrl-C and being killed keep what has arrived, and the same command goes on from there", arguments: [SIGINT, SIGKILL])
    func ended(signal: Int32) throws {
        let part = autoencoder.path + ".part"
        func hasBegun() -> Bool { Self.size(part) == 1000 }
        let server = try HubServer("stalls")
        let command = ["pack", "get", "kandinsky", "--from", try server.address, "--yes", "--timeout", "600"]
        if signal == SIGINT {
            let outcome = try Program.run(command, environment: places, interruptedWhen: hasBegun)
            #expect(outcome.code == 130 && outcome.complaint.contains("the same command resumes"), "\(outcome.complaint)")
        } else {
            let process = Process()
            process.executableURL = Program.executable
            process.arguments = command
            process.environment = Program.environment.merging(places) { $1 }
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            #expect(Tool.waits(until: hasBegun))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        #expect(hasBegun())
        let good = try HubServer()
        #expect(try get(good).code == 0)
        #expect(good.requests.filter { $0.hasPrefix("GET") }.count == 1 && good.requests.contains { $0.hasSuffix("bytes=1000-") })
        try expectWhole()
    }

    private static func size(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int
    }

    @Test("A server that stalls is given up, and the next run goes on from there") func stalls() throws {
        let outcome = try get(HubServer("stalls"), retries: 0, timeout: 1)
        #expect(outcome.code == 1 && outcome.complaint.contains("sent nothing"), "\(outcome.complaint)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: autoencoder.path + ".part")) == HubServer.autoencoder.prefix(1000))
        let unfinished = try run(["pack", "check", "kandinsky"])
        unfinished.expectOneSentence()
        #expect(unfinished.complaint.contains("incomplete"))
        let server = try HubServer()
        #expect(try get(server).code == 0)
        #expect(server.requests.contains { $0.hasSuffix("bytes=1000-") })
        try expectWhole()
    }

    @Test("A file that the hub does not have, a server that is not there and no address are one sentence each") func nowhere() throws {
        let server = try HubServer(files: Array(HubServer.files.dropFirst()))
        let missing = try get(server)
        missing.expectOneSentence()
        #expect(missing.complaint.contains("preprocessor_config.json: the server does not have this file"))
        for address in ["http://127.0.0.1:1", "ftp://127.0.0.1", "x\u{1B}[2J"] {
            try run(["pack", "get", "kandinsky", "--from", address, "--yes", "--retries", "0"]).expectOneSentence()
        }
        #expect(!FileManager.default.fileExists(atPath: pack.path))
    }

    @Test("Nothing is fetched when nobody can say yes") func unanswered() throws {
        let server = try HubServer()
        let outcome = try run(["pack", "get", "kandinsky", "--from", server.address])
        #expect(outcome.code == 1 && outcome.complaint.hasSuffix("--yes means yes.\n"), "\(outcome.complaint)")
        #expect(!server.requests.contains { $0.hasPrefix("GET") })
    }
}
