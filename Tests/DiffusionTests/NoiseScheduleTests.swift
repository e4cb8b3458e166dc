import Networks
import Testing

@testable import Diffusion

@Suite("The noise schedule")
struct NoiseScheduleTests {
    private let schedule = NoiseSchedule(clipRange: nil)

    @Test("Twenty steps predict noise at 1, 51, … 951") func timesteps() throws {
        #expect(try schedule.timesteps(20) == Array(stride(from: 1, through: 951, by: 50)))
    }

    @Test("As many steps as timesteps use each, and none beyond the last") func everyTimestep() throws {
        #expect(try schedule.timesteps(1000) == (1...999) + [999])
        #expect(try NoiseSchedule(stepsOffset: 0, clipRange: nil).timesteps(1000) == Array(0...999))
    }

    @Test("A number of steps that the schedule does not have is refused", arguments: [0, -1, 1001, Int.max, Int.min])
    func steps(count: Int) {
        #expect(throws: NetworkError.unsuitableInput("The number of steps must lie between 1 and 1000, not \(count).")) {
            try DDIM(schedule, steps: count)
        }
    }

    @Test("What is left of the picture falls from nearly all to nearly none") func signal() {
        #expect(schedule.alphasCumprod.count == 1000)
        #expect(zip(schedule.alphasCumprod, schedule.alphasCumprod.dropFirst()).allSatisfy { $0 > $1 })
        #expect(schedule.alphasCumprod[0] > 0.999 && schedule.alphasCumprod[999] < 0.01)
    }

    @Test("Below the first timestep lies the first noise level, or none") func end() {
        #expect(schedule.alphaCumprod(at: -49) == schedule.alphasCumprod[0])
        #expect(NoiseSchedule(clipRange: nil, endsClean: true).alphaCumprod(at: -49) == 1)
    }
}
