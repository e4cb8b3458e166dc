import Foundation
import Synchronization

/// Saves the session to its file from any thread; an older one never replaces a newer one.
final class SessionStore: Sendable {
    private let url: URL
    private let latest = Mutex(0)
    private let next = Atomic(0)

    init(_ url: URL) {
        self.url = url
    }

    /// A number for a session about to be saved; later ones are newer.
    func number() -> Int { next.add(1, ordering: .relaxed).newValue }

    /// Saves a session, unless a newer one has been saved.
    /// - Throws: an error of one sentence when the file cannot be written.
    func save(_ session: Session, number: Int) throws {
        try latest.withLock { latest in
            guard number > latest else { return }
            try session.write(to: url)
            latest = number
        }
    }
}
