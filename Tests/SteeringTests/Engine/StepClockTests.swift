import Testing

@testable import Steering

@Suite("The time that is left")
struct StepClockTests {
    private let start = ContinuousClock.now

    private func left(_ clock: StepClock, _ stage: WorkProgress.Stage, _ step: Int, after seconds: Double) -> Double? {
        clock.timed(WorkProgress(stage, step: step, count: 10), at: start + .seconds(seconds)).secondsLeft
    }

    @Test("It is told by the pace of the stage's own steps") func pace() throws {
        let clock = StepClock()
        #expect(left(clock, .inverting, 2, after: 7) == nil)
        #expect(try abs(#require(left(clock, .inverting, 4, after: 17)) - 30) < 1e-6)
        #expect(left(clock, .rendering, 1, after: 20) == nil)
        #expect(try abs(#require(left(clock, .rendering, 2, after: 21)) - 8) < 1e-6)
    }

    @Test("Nothing is told of what is nearly done") func short() {
        let clock = StepClock()
        #expect(left(clock, .rendering, 0, after: 0) == nil)
        #expect(left(clock, .rendering, 5, after: 1) == nil)
    }
}
