/// The timers that run, by the moment at which they run out.
struct Timers {
    private var ends: [Timer: ContinuousClock.Instant] = [:]

    /// Starts a timer, or starts it anew.
    mutating func start(_ timer: Timer, seconds: Double, now: ContinuousClock.Instant = .now) {
        ends[timer] = now + .seconds(seconds)
    }

    mutating func stop(_ timer: Timer) { ends[timer] = nil }

    /// How long until the next one runs out, never below zero; nil when none runs.
    func remaining(now: ContinuousClock.Instant = .now) -> Duration? {
        ends.values.min().map { max(.zero, $0 - now) }
    }

    /// Takes out the timers that have run out, the earliest first.
    mutating func takeExpired(now: ContinuousClock.Instant = .now) -> [Timer] {
        let expired = ends.filter { $0.value <= now }.sorted { $0.value < $1.value }.map(\.key)
        for timer in expired { ends[timer] = nil }
        return expired
    }
}
