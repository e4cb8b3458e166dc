import NIOCore
import Synchronization

/// Closes a connection that takes too long for what it has to do next.
final class Deadline: Sendable {
    private let channel: any Channel
    private let scheduled = Mutex<Scheduled<Void>?>(nil)

    init(_ channel: any Channel) { self.channel = channel }

    /// Closes the connection after this time, instead of what was set before; nil sets no end.
    func set(_ time: TimeAmount?) {
        let next = time.map { time in channel.eventLoop.scheduleTask(in: time) { [channel] in channel.close(promise: nil) } }
        let before = scheduled.withLock { scheduled in
            defer { scheduled = next }
            return scheduled
        }
        before?.cancel()
    }
}
