/// Measures how fast the terminal takes output, by the answers that come back, and decides when more pictures may be sent.
///
/// Between this program and a distant terminal lie buffers of a megabyte and more. A picture written into them delays everything after it,
/// so that at most two parcels with pictures are on their way, each no larger than what arrives in a moment.
struct Pacing {
    private struct Parcel {
        let bytes: Int
        let holdsPicture: Bool
        let sentAt: ContinuousClock.Instant
    }

    static let mostUnacknowledged = 2
    /// The longest time that a parcel should take to arrive, in seconds.
    private static let moment = 0.1
    private static let smallestPart = 4096
    /// The throughput, in bytes per second, from which no limit is needed.
    private static let boundless = 16_000_000.0
    /// The lowest throughput assumed, in bytes per second.
    private static let slowest = 20_000.0
    /// Smaller parcels tell of delays, not of throughput.
    static let smallestSample = 4096
    private static let keptSamples = 4

    /// How long to wait for an answer beside the time that the parcels take.
    var timeout = Timeouts().answer
    private var parcels: [Parcel] = []
    private var lastAnswer: ContinuousClock.Instant?
    private var samples: [Double] = []
    /// The shortest time in which an answer came.
    private var latency: Duration?
    /// Whether answers do not come, so that nothing can be waited for.
    private var isSilent = false

    /// What the connection carries, once it is known. The best of the last samples counts: a terminal that is busy is not a slow one.
    var bytesPerSecond: Double? { samples.max() }

    /// About how many bytes may go at once.
    var partSize: Int {
        guard let bytesPerSecond, bytesPerSecond < Self.boundless else { return .max }
        // Two parcels have to fill the time until the first answer.
        let time = max(Self.moment, (latency ?? .zero) / .seconds(2))
        return max(Self.smallestPart, Int(bytesPerSecond * time))
    }

    /// Whether a parcel with pictures may be sent.
    var allowsPicture: Bool {
        isSilent || parcels.count(where: \.holdsPicture) < Self.mostUnacknowledged
    }

    /// When the answers that are missing must be taken for lost; nil when none is missing.
    var deadline: ContinuousClock.Instant? {
        guard let first = parcels.first, !isSilent else { return nil }
        let bytes = parcels.map(\.bytes).reduce(0, +)
        let transfer = Duration.seconds(Double(bytes) / (bytesPerSecond ?? Self.slowest))
        let expected = (latency ?? .zero) + transfer
        return max(first.sentAt, lastAnswer ?? first.sentAt) + timeout + expected * 4
    }

    /// A parcel that asks for an answer is sent.
    mutating func send(bytes: Int, holdsPicture: Bool, now: ContinuousClock.Instant) {
        if isSilent { parcels.removeAll() }
        parcels.append(Parcel(bytes: bytes, holdsPicture: holdsPicture, sentAt: now))
    }

    /// Forgets outstanding answers, which another program will read.
    mutating func forgetParcels() {
        parcels = []
    }

    /// The answer to the oldest parcel has come.
    mutating func acknowledge(now: ContinuousClock.Instant) {
        isSilent = false
        guard !parcels.isEmpty else { return }
        let parcel = parcels.removeFirst()
        defer { lastAnswer = now }
        // A parcel that followed another one closely took the time since that one's answer.
        if let lastAnswer, lastAnswer > parcel.sentAt { return learn(bytes: parcel.bytes, took: now - lastAnswer) }
        let elapsed = now - parcel.sentAt
        if parcel.bytes < Self.smallestSample { latency = min(latency ?? elapsed, elapsed) }
        learn(bytes: parcel.bytes, took: elapsed - min(latency ?? .zero, elapsed))
    }

    private mutating func learn(bytes: Int, took duration: Duration) {
        guard bytes >= Self.smallestSample else { return }
        samples = samples.suffix(Self.keptSamples - 1) + [Double(bytes) / max(duration / .seconds(1), 1e-4)]
    }

    /// Stops waiting when answers are lost or the terminal gives none.
    mutating func giveUp(now: ContinuousClock.Instant = .now) {
        guard let deadline, now >= deadline else { return }
        isSilent = true
    }
}
