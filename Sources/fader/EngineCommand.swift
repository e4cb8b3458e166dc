import ArgumentParser
import Dispatch
import Foundation
import Steering
import Synchronization

/// A command that computes: Ctrl-C ends it between two steps, and it leaves no progress line behind.
protocol EngineCommand: ParsableCommand {
    var options: EngineOptions { get }
    func execute(_ bar: ProgressBar, _ log: Log) async throws
}

extension EngineCommand {
    func run() throws {
        let bar = ProgressBar(quiet: options.quiet)
        let log = try Log(options.log)
        let command = UncheckedTransfer(value: self)
        do {
            try Interruption.cancellable { try await command.value.execute(bar, log) }
        } catch {
            bar.clear()
            log.write("failed: \(error)")
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
    /// Runs `work` to its end on the calling thread; the first Ctrl-C cancels it, the second ends the program at once.
    static func cancellable(_ work: @escaping @Sendable () async throws -> Void) throws {
        let outcome = Mutex<Result<Void, any Error>?>(nil)
        let done = DispatchSemaphore(value: 0)
        let task = Task {
            let result: Result<Void, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            outcome.withLock { $0 = result }
            done.signal()
        }
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            if task.isCancelled { leave(130) }
            task.cancel()
        }
        source.resume()
        done.wait()
        source.cancel()
        try outcome.withLock { $0 }?.get()
    }
}
