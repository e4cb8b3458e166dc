import Foundation
import Synchronization

/// A program that runs until somebody has waited for its end.
final class RunningProgram: Sendable {
    /// How a program ended.
    enum Ending: Equatable {
        case code(Int32)
        case signal(Int32)
    }

    private let process: pid_t
    /// After its end, its number may be another program's.
    private let hasEnded = Mutex(false)

    /// - Throws: what starting it throws.
    init(_ program: ChildProgram) throws { process = try program.start() }

    /// Waits for its end; to be called once.
    func ending() async -> Ending {
        await withCheckedContinuation { continuation in
            let thread = Thread { [self] in continuation.resume(returning: wait()) }
            thread.start()
        }
    }

    private func wait() -> Ending {
        var info = siginfo_t()
        while waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
        return hasEnded.withLock { hasEnded in
            hasEnded = true
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0 && errno == EINTR {}
            let signal = status & 0x7F
            return signal == 0 ? .code((status >> 8) & 0xFF) : .signal(signal)
        }
    }

    /// Lets it run behind what people wait for.
    func lowerPriority() { send { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t($0), 10) } }

    /// Sends it what Ctrl-C sends, and ends it when it has not ended in time.
    func stop(within time: DispatchTimeInterval) {
        send { kill(-$0, SIGINT) }
        DispatchQueue.global().asyncAfter(deadline: .now() + time) { [self] in send { kill(-$0, SIGKILL) } }
    }

    private func send(_ action: (pid_t) -> CInt) {
        hasEnded.withLock { hasEnded in
            if !hasEnded { _ = action(process) }
        }
    }
}
