import Foundation

/// The built program, run as a user runs it.
enum Program {
    /// It is built into the folder of the test runner.
    static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("fader")

    /// The root of the package.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let demo = root.appendingPathComponent("assets/demo").path

    /// The sample pictures, by path.
    static let samples: [String] = {
        let folder = root.appendingPathComponent("assets/samples")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".png") }.sorted().map { folder.appendingPathComponent($0).path }
    }()

    struct Outcome {
        let code: Int32
        let output: Data
        let complaint: String
    }

    /// Runs a command to its end.
    /// - Parameter interruptedAfter: seconds after which it gets what Ctrl-C sends.
    static func run(_ arguments: String..., input: Data? = nil, interruptedAfter: Double? = nil) throws -> Outcome {
        try run(arguments, input: input, interruptedAfter: interruptedAfter)
    }

    static func run(_ arguments: [String], input: Data? = nil, interruptedAfter: Double? = nil) throws -> Outcome {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["FADER_PACK": demo]) { $1 }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fader-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files rather than pipes: nothing waits for a reader.
        let (output, complaint, source) = (
            folder.appendingPathComponent("output"), folder.appendingPathComponent("complaint"), folder.appendingPathComponent("input")
        )
        for file in [output, complaint] { try Data().write(to: file) }
        try (input ?? Data()).write(to: source)
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: complaint)
        try process.run()
        if let interruptedAfter {
            Thread.sleep(forTimeInterval: interruptedAfter)
            process.interrupt()
        }
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, output: try Data(contentsOf: output),
            complaint: String(decoding: try Data(contentsOf: complaint), as: UTF8.self))
    }
}
