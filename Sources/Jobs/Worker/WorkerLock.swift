import Foundation
import Synchronization

/// The right to work on a queue, which one program has at a time.
///
/// The system takes it back when the program ends, however that happens. The commands that a worker starts hold it as well: the next worker begins
/// when the last of them has ended, so that no job is ever done by two programs at once.
public final class WorkerLock: Sendable {
    let descriptor: CInt
    private let isReleased = Atomic(false)

    private init(_ descriptor: CInt) { self.descriptor = descriptor }

    /// Takes the lock of the queue in a folder.
    /// - Returns: nil when another program has it.
    /// - Throws: `JobError.unusableFolder`.
    public static func take(in folder: URL) throws -> WorkerLock? {
        let descriptor = open(folder.appendingPathComponent("worker.lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JobError.unusableFolder(folder.path) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let isHeld = errno == EWOULDBLOCK
            close(descriptor)
            if isHeld { return nil }
            throw JobError.unusableFolder(folder.path)
        }
        let owner = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, owner, owner.count, 0)
        return WorkerLock(descriptor)
    }

    /// Whether only a command still holds the lock of the queue in a folder: its worker has died, and it will end soon.
    static func isLeftBehind(in folder: URL) -> Bool {
        let text = try? String(contentsOf: folder.appendingPathComponent("worker.lock"), encoding: .utf8)
        guard let owner = text.flatMap({ pid_t($0.trimmingCharacters(in: .newlines)) }), owner > 0 else { return false }
        return kill(owner, 0) != 0 && errno == ESRCH
    }

    /// Whether a program works on the queue in a folder.
    /// - Throws: `JobError.unusableFolder`.
    public static func isHeld(in folder: URL) throws -> Bool {
        if let lock = try take(in: folder) {
            lock.release()
            return false
        }
        return !isLeftBehind(in: folder)
    }

    /// Gives the right back.
    public func release() {
        if !isReleased.exchange(true, ordering: .relaxed) { close(descriptor) }
    }

    deinit { release() }
}
