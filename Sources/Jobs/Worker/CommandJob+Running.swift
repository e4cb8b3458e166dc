import Foundation
import Steering

extension CommandJob {
    /// How long a command may take to save what it has once it is asked to stop.
    private static let savingTime = DispatchTimeInterval.seconds(60)
    /// How much of what it prints is kept, in bytes.
    private static let mostText = 65_536

    /// Runs the command to its end, as a program of its own.
    /// - Parameters:
    ///   - program: the fader program.
    ///   - isContinued: whether it was begun before.
    ///   - folder: a folder for what it prints.
    ///   - lock: what it holds as well as the worker.
    /// - Throws: `CancellationError` when the task is cancelled, once the command has ended; `JobError` when it fails.
    func run(
        _ program: URL, isContinued: Bool, in folder: URL, holding lock: WorkerLock,
        progress: @escaping @Sendable (ProgressChannel.Line) -> Void
    ) async throws -> JobResult {
        let printed = folder.appendingPathComponent("output")
        let said = folder.appendingPathComponent("complaint")
        let (running, socket) = try start(program, arguments + (isContinued ? continuation : []), printed, said, lock)
        defer { close(socket) }
        running.lowerPriority()
        async let reading: Void = Self.read(socket, progress)
        let ending = await withTaskCancellationHandler {
            await running.ending()
        } onCancel: {
            running.stop(within: Self.savingTime)
        }
        // What it has sent is still read, and what others have its end of the socket for is not waited for.
        shutdown(socket, CInt(SHUT_RD))
        await reading
        if ending == .code(0) {
            let text = String(decoding: Self.end(of: printed), as: UTF8.self).trimmingCharacters(in: .newlines)
            return JobResult(files: files.filter { FileManager.default.fileExists(atPath: $0) }, text: text.isEmpty ? nil : text)
        }
        try Task.checkCancellation()
        if case .signal(let signal) = ending { throw JobError.commandKilled(signal: signal) }
        throw JobError.commandFailed(Self.sentence(in: String(decoding: Self.end(of: said), as: UTF8.self)))
    }

    /// Starts the program.
    /// - Returns: it, and a socket that it sends its progress to; when that is closed, it stops.
    private func start(
        _ program: URL, _ arguments: [String], _ printed: URL, _ said: URL, _ lock: WorkerLock
    ) throws -> (RunningProgram, socket: CInt) {
        var ends: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw JobError.cannotStart(program.path, reason: String(cString: strerror(errno)))
        }
        let opened = [
            open("/dev/null", O_RDONLY | O_CLOEXEC), open(printed.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600),
            open(said.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600),
        ]
        // What it prints can be missed where there is no room for it; the next descriptor in its place would be the wrong one.
        let silence = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { for descriptor in opened + [silence, ends[1]] where descriptor >= 0 { close(descriptor) } }
        let descriptors = opened.map { $0 >= 0 ? $0 : silence } + [ends[1], lock.descriptor]
        var variables = ProcessInfo.processInfo.environment
        for (name, value) in environment { variables[name] = value }
        variables[ProgressChannel.variable] = "3"
        do {
            let running = try RunningProgram(
                ChildProgram(program, arguments, environment: variables, directory: directory, descriptors: descriptors))
            return (running, ends[0])
        } catch {
            close(ends[0])
            throw error
        }
    }

    /// Reads lines until there will be no more.
    private static func read(_ socket: CInt, _ progress: @escaping @Sendable (ProgressChannel.Line) -> Void) async {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                readLines(socket, progress)
                continuation.resume()
            }
            thread.start()
        }
    }

    private static func readLines(_ socket: CInt, _ progress: (ProgressChannel.Line) -> Void) {
        let longestLine = 4096
        var line = Data()
        var buffer = [UInt8](repeating: 0, count: longestLine)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            for byte in buffer.prefix(count) {
                if byte != UInt8(ascii: "\n") {
                    if line.count <= longestLine { line.append(byte) }
                    continue
                }
                if let told = try? JSONDecoder().decode(ProgressChannel.Line.self, from: line) { progress(told) }
                line = Data()
            }
        }
    }

    /// The end of a file, as much of it as is kept.
    private static func end(of file: URL) -> Data {
        guard let handle = try? FileHandle(forReadingFrom: file), let size = try? handle.seekToEnd() else { return Data() }
        try? handle.seek(toOffset: size > mostText ? size - UInt64(mostText) : 0)
        return (try? handle.readToEnd()) ?? Data()
    }

    /// Why the command failed, among all that it said.
    private static func sentence(in complaint: String) -> String {
        let lines = complaint.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        let mark = "Error: "
        let line = lines.last { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) } ?? lines.last { !$0.isEmpty }
        return line.map { String($0.prefix(1000)) } ?? "The command failed and did not say why."
    }
}
