import ArgumentParser
import Dispatch
import Foundation
import Steering
import Synchronization

/// A command that computes: Ctrl-C ends it between two steps, and it leaves no progress line behind.
protocol EngineCommand: ParsableCommand {
    var options: EngineOptions { get }
    /// The files that it reads and those that it writes: a command that would write over what it reads does not begin.
    var inputs: [String] { get }
    var outputs: [String] { get }
    /// Whether it may write over what it reads after all.
    var force: Bool { get }
    func execute(_ bar: ProgressBar, _ log: Log) async throws
}

extension EngineCommand {
    var inputs: [String] { [] }
    var outputs: [String] { [] }
    var force: Bool { false }
}

extension EngineCommand {
    /// Refuses to write over what is read, and to bytes on a terminal.
    func check() throws {
        // A log in a picture's place is a mistake that no option asks for.
        try Files.protect(inputs, from: options.log.map { [$0] } ?? [])
        if !force { try Files.protect(inputs, from: outputs) }
        for output in outputs { try Files.requireWritable(output) }
    }

    func run() throws {
        try check()
        let bar = ProgressBar(quiet: options.quiet)
        let log = try Log(options.log)
        let command = UncheckedTransfer(value: self)
        do {
            try Interruption.cancellable { try await command.value.execute(bar, log) }
        } catch {
            bar.clear()
            log.write("failed: \(Sentence.of(error))")
            throw error
        }
        bar.clear()
        if let remark = Engine.remark { log.write(remark) }
        log.write("done")
    }
}

/// A parsed command is a value that nothing changes once it runs.
private struct UncheckedTransfer<Value>: @unchecked Sendable {
    let value: Value
}

enum Interruption {
    /// Runs `work` to its end on the calling thread; the first Ctrl-C, or the system's wish that the program end, cancels it, the second ends the
    /// program at once.
    static func cancellable(_ work: @escaping @Sendable () async throws -> Void) throws {
        let outcome = Mutex<Result<Void, any Error>?>(nil)
        let done = DispatchSemaphore(value: 0)
        let task = Task {
            let result: Result<Void, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            outcome.withLock { $0 = result }
            done.signal()
        }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if task.isCancelled { leave(130) }
                task.cancel()
            }
            source.resume()
            return source
        }
        done.wait()
        for source in sources { source.cancel() }
        try outcome.withLock { $0 }?.get()
    }
}

/// Ends the process at once, without the destructors that C++ libraries have registered: the engine's thread may still be computing with what
/// they destroy, and would crash.
func leave(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
}
