import Testing

@testable import Terminal

@Suite("Pacing") struct PacingTests {
    private let start = ContinuousClock.now

    private func time(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    /// A connection of 100 ms and 100,000 bytes a second that has shown both.
    private func experienced() -> Pacing {
        var pacing = Pacing()
        pacing.send(bytes: 100, holdsPicture: false, now: time(0))
        pacing.acknowledge(now: time(100))
        pacing.send(bytes: 10_000, holdsPicture: true, now: time(200))
        pacing.acknowledge(now: time(400))
        return pacing
    }

    @Test("Before anything is known nothing is divided") func startsUnbounded() {
        #expect(Pacing().partSize == .max)
        #expect(Pacing().allowsPicture)
        #expect(Pacing().deadline == nil)
    }

    @Test("Two pictures may be on their way, and text any number of times") func limitsPictures() {
        var pacing = Pacing()
        for _ in 0..<5 { pacing.send(bytes: 5000, holdsPicture: false, now: time(0)) }
        pacing.send(bytes: 5000, holdsPicture: true, now: time(0))
        #expect(pacing.allowsPicture)
        pacing.send(bytes: 5000, holdsPicture: true, now: time(0))
        #expect(!pacing.allowsPicture)
        for _ in 0..<5 { pacing.acknowledge(now: time(10)) }
        #expect(!pacing.allowsPicture)
        pacing.acknowledge(now: time(20))
        #expect(pacing.allowsPicture)
    }

    @Test("Throughput is what arrived in the time beyond the delay") func measuresThroughput() throws {
        let pacing = experienced()
        #expect(abs(try #require(pacing.bytesPerSecond) - 100_000) < 1)
        #expect(pacing.partSize == 10_000)
    }

    @Test("A parcel behind another one took the time since the other's answer") func measuresQueue() throws {
        var pacing = Pacing()
        pacing.send(bytes: 100, holdsPicture: false, now: time(0))
        pacing.acknowledge(now: time(100))
        pacing.send(bytes: 20_000, holdsPicture: true, now: time(100))
        pacing.send(bytes: 20_000, holdsPicture: true, now: time(101))
        pacing.acknowledge(now: time(400))
        pacing.acknowledge(now: time(600))
        #expect(abs(try #require(pacing.bytesPerSecond) - 100_000) < 1)
    }

    @Test("The best of the last answers counts, and no answer counts for ever") func forgets() throws {
        var pacing = experienced()
        for round in 1...3 {
            pacing.send(bytes: 10_000, holdsPicture: true, now: time(1000 * round))
            pacing.acknowledge(now: time(1000 * round + 600))
        }
        #expect(abs(try #require(pacing.bytesPerSecond) - 100_000) < 1)
        pacing.send(bytes: 10_000, holdsPicture: true, now: time(5000))
        pacing.acknowledge(now: time(5600))
        #expect(abs(try #require(pacing.bytesPerSecond) - 20_000) < 1)
        #expect(pacing.partSize == 4096)
    }

    @Test("A fast terminal is never given less than all") func leavesFastTerminalsAlone() {
        var pacing = Pacing()
        pacing.send(bytes: 500_000, holdsPicture: true, now: time(0))
        pacing.acknowledge(now: time(20))
        #expect(pacing.partSize == .max)
    }

    @Test("Lost answers are given up after a while, and waited for again when one comes") func givesUp() throws {
        var pacing = experienced()
        pacing.send(bytes: 10_000, holdsPicture: true, now: time(1000))
        pacing.send(bytes: 10_000, holdsPicture: true, now: time(1000))
        let deadline = try #require(pacing.deadline)
        #expect(deadline > time(2000))
        pacing.giveUp(now: time(1999))
        #expect(!pacing.allowsPicture)
        pacing.giveUp(now: deadline)
        #expect(pacing.allowsPicture)
        #expect(pacing.deadline == nil)
        for _ in 0..<5 { pacing.send(bytes: 10_000, holdsPicture: true, now: time(9000)) }
        #expect(pacing.allowsPicture)
        pacing.acknowledge(now: time(9100))
        for _ in 0..<2 { pacing.send(bytes: 10_000, holdsPicture: true, now: time(9200)) }
        #expect(!pacing.allowsPicture)
    }

    @Test("An answer that nobody asked for is ignored") func ignoresStrayAnswers() {
        var pacing = Pacing()
        pacing.acknowledge(now: time(5))
        #expect(pacing.bytesPerSecond == nil)
    }
}
