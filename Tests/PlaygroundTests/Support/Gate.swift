import Dispatch
import Synchronization

/// What an engine waits at that is busy for as long as a test wants.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let passed = Mutex(false)

    /// Whether somebody who waited has gone on.
    var wasPassed: Bool { passed.withLock(\.self) }

    func open() { semaphore.signal() }

    /// Blocks the thread until the gate is open, or for so long that no test waits for it.
    func wait() {
        _ = semaphore.wait(timeout: .now() + 300)
        passed.withLock { $0 = true }
        semaphore.signal()
    }
}
