import Foundation
import Synchronization

/// Wakes those who wait for an event, whichever program adds it. However many wait, one reader looks, and it rests while nobody waits.
final class EventWatch: Sendable {
    private struct Waiter {
        let last: Int64
        let end: ContinuousClock.Instant
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var waiters: [Int: Waiter] = [:]
        var nextNumber = 0
        var isLooking = false
    }

    /// How often it looks for what other programs have added.
    private static let interval = Duration.milliseconds(100)

    private let state = Mutex(State())
    private let lastEvent: @Sendable () -> Int64?

    /// - Parameter lastEvent: the number of the last event; nil when it cannot be read, which wakes everybody.
    init(lastEvent: @escaping @Sendable () -> Int64?) { self.lastEvent = lastEvent }

    /// Returns when there is an event after `last`, at `end`, or when the task is cancelled.
    func waitForChange(beyond last: Int64, until end: ContinuousClock.Instant) async {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let begins = state.withLock { state in
                    state.waiters[number] = Waiter(last: last, end: end, continuation: continuation)
                    defer { state.isLooking = true }
                    return !state.isLooking
                }
                if begins { Task { await self.keepLooking() } }
                // Before the waiter was there, its cancellation found nobody.
                if Task.isCancelled { wake { $0 == number || $1 } }
            }
        } onCancel: {
            wake { $0 == number || $1 }
        }
    }

    /// Wakes those for whom there is something new.
    func look() {
        guard state.withLock({ !$0.waiters.isEmpty }) else { return }
        wake { $1 }
    }

    private func keepLooking() async {
        while state.withLock({ state in
            state.isLooking = !state.waiters.isEmpty
            return state.isLooking
        }) {
            wake { $1 }
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// - Parameter isMeant: told a waiter's number, and whether there is something new for it or its time is over.
    private func wake(_ isMeant: (_ number: Int, _ isDue: Bool) -> Bool) {
        let last = lastEvent()
        let now = ContinuousClock.now
        let woken = state.withLock { state in
            let numbers = state.waiters.filter { number, waiter in
                isMeant(number, last.map { $0 > waiter.last } ?? true || now >= waiter.end)
            }.keys
            return numbers.compactMap { state.waiters.removeValue(forKey: $0) }
        }
        for waiter in woken { waiter.continuation.resume() }
    }
}
