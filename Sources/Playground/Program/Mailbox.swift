import Synchronization
import Terminal

/// Where other threads leave messages for the main thread, which it wakes up.
final class Mailbox: Sendable {
    private let messages = Mutex<[Message]>([])
    private let wakeUp: WakeUp

    init(_ wakeUp: WakeUp) {
        self.wakeUp = wakeUp
    }

    func post(_ message: Message) {
        messages.withLock { $0.append(message) }
        wakeUp.signal()
    }

    /// Takes out everything that has been posted, in order.
    func takeAll() -> [Message] {
        messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
