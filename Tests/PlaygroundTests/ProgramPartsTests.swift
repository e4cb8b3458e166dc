import Foundation
import Testing

@testable import Playground

@Suite("Parts of the program") struct ProgramPartsTests {
    @Test("Timers run out in order, and starting one again moves its end") func timers() {
        let start = ContinuousClock.now
        var timers = Timers()
        timers.start(.rest, seconds: 1, now: start)
        timers.start(.notice, seconds: 2, now: start)
        timers.start(.gesture, seconds: 3, now: start)
        timers.start(.rest, seconds: 2.5, now: start)
        #expect(timers.remaining(now: start) == .seconds(2))
        timers.stop(.gesture)
        #expect(timers.takeExpired(now: start + .seconds(1)).isEmpty)
        #expect(timers.takeExpired(now: start + .seconds(10)) == [.notice, .rest])
        #expect(timers.remaining() == nil)
    }
}
