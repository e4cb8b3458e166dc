import Foundation
import TestSupport

/// Programs of the system that some tests need; where one is missing, these tests are left out.
enum Tool {
    private static let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init) + ["/usr/sbin"]

    /// Where a program is; nil when it is not installed.
    static func path(_ name: String) -> String? {
        folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func areInstalled(_ names: String...) -> Bool { names.allSatisfy { path($0) != nil } }

    /// Runs a program to its end.
    /// - Returns: what it wrote on standard output; nil when it cannot be started or fails.
    static func output(_ name: String, _ arguments: [String], environment: [String: String] = Program.environment) -> Data? {
        guard let folder = try? TemporaryFolder(), let file = try? folder.file("output", []),
            let process = try? start(name, arguments, environment: environment, output: file)
        else {
            return nil
        }
        process.waitUntilExit()
        return process.terminationStatus == 0 ? try? Data(contentsOf: file) : nil
    }

    /// Starts a program.
    /// - Parameter output: a file for what it writes on standard output. A pipe would wait for every process that inherits it.
    /// - Throws: when it is not installed or does not start.
    static func start(
        _ name: String, _ arguments: [String], environment: [String: String] = Program.environment, output: URL? = nil
    ) throws -> Process {
        guard let path = path(name) else { throw CocoaError(.fileNoSuchFile) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try output.map { try FileHandle(forWritingTo: $0) } ?? .nullDevice
        process.standardError = FileHandle.nullDevice
        // It inherits what signals this thread blocks, and threads that run tests block all of them.
        var (none, previous) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        try process.run()
        return process
    }

    /// Asks again and again until something is true.
    /// - Returns: whether it became true in time.
    static func waits(upTo seconds: Double = 180, until isTrue: () -> Bool) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline {
            if isTrue() { return true }
            Thread.sleep(forTimeInterval: 0.3)
        }
        return isTrue()
    }
}
