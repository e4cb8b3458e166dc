import Foundation
import TestSupport
import Testing

/// The built program, run as a user runs it.
enum Program {
    /// It is built into the folder of the test runner.
    static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("fader")

    /// The root of the package.
    static let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }

    static let demo = root.appendingPathComponent("assets/demo").path

    /// The sample pictures, by path.
    static let samples: [String] = {
        let folder = root.appendingPathComponent("assets/samples")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".png") }.sorted().map { folder.appendingPathComponent($0).path }
    }()

    /// What the program sees of the tests' environment: where things are, and nothing of their terminal and settings.
    static let environment = ProcessInfo.processInfo.environment
        .filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) || $0.key.hasPrefix("LD_") || $0.key.hasPrefix("OMP_") }
        .merging(["FADER_PACK": demo]) { $1 }

    struct Outcome {
        let code: Int32
        let output: Data
        let complaint: String

        /// Expects exit code 1, one sentence on standard error and nothing on standard output.
        func expectOneSentence(sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(code == 1, "\(complaint)", sourceLocation: sourceLocation)
            #expect(output.isEmpty, sourceLocation: sourceLocation)
            let lines = complaint.split(separator: "\n")
            #expect(lines.count == 1 && complaint.hasSuffix(".\n"), "\(complaint)", sourceLocation: sourceLocation)
        }
    }

    /// Runs a command to its end.
    static func run(_ arguments: String..., input: Data? = nil, interruptedWhen isDue: (() -> Bool)? = nil) throws -> Outcome {
        try run(arguments, input: input, interruptedWhen: isDue)
    }

    /// Runs a command to its end.
    /// - Parameters:
    ///   - shell: a line of bash that starts the program as `"$0" "$@"`.
    ///   - variables: environment variables beyond the usual ones.
    ///   - isDue: whether it is time for what Ctrl-C sends.
    static func run(
        _ arguments: [String], shell: String? = nil, environment variables: [String: String] = [:], input: Data? = nil,
        interruptedWhen isDue: (() -> Bool)? = nil
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = shell == nil ? executable : URL(fileURLWithPath: "/bin/bash")
        process.arguments = (shell.map { ["-c", $0, executable.path] } ?? []) + arguments
        process.environment = environment.merging(variables) { $1 }
        let folder = try TemporaryFolder()
        // Files rather than pipes: nothing waits for a reader.
        let (output, complaint, source) = (
            folder.url.appendingPathComponent("output"), folder.url.appendingPathComponent("complaint"),
            folder.url.appendingPathComponent("input")
        )
        for file in [output, complaint] { try Data().write(to: file) }
        try (input ?? Data()).write(to: source)
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: complaint)
        try process.run()
        if let isDue {
            while process.isRunning, !isDue() { Thread.sleep(forTimeInterval: 0.02) }
            process.interrupt()
        }
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, output: try Data(contentsOf: output),
            complaint: String(decoding: try Data(contentsOf: complaint), as: UTF8.self))
    }
}
