import Foundation

/// A Python process that runs diffusers when it is asked to, so that its runs and Fader's alternate under the same load.
final class Reference {
    private let process = Process()
    private let requests = Pipe()
    private let answers = Pipe()

    /// The Python that has diffusers: `$FADER_REFERENCE_PYTHON`, or the one that `make fixtures` installs; nil when there is none.
    static func python(root: URL) -> String? {
        let named = ProcessInfo.processInfo.environment["FADER_REFERENCE_PYTHON"]
        let path = named ?? root.appendingPathComponent(".deps/reference/bin/python").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    convenience init(python: String, script: URL, pack: URL, threads: Int) throws {
        try self.init(python: python, script: script, arguments: [pack.path, String(threads)])
    }

    /// - Parameter arguments: what the script is given.
    init(python: String, script: URL, arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [script.path] + arguments
        process.standardInput = requests
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        try? requests.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The milliseconds of one run; nil when the process has given up.
    func milliseconds(_ request: String) throws -> Double? { Double(try answer(request)) }

    /// The versions of what it runs.
    func versions() throws -> String { try answer("versions") }

    private func answer(_ request: String) throws -> String {
        try requests.fileHandleForWriting.write(contentsOf: Data((request + "\n").utf8))
        var line = Data()
        while let byte = try answers.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8) {
            line += byte.isEmpty ? Data() : byte
        }
        return String(decoding: line, as: UTF8.self)
    }
}
