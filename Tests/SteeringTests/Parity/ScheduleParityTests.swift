import Foundation
import Tensors
import Testing

@testable import Diffusion

extension TorchTests {
    /// Expected numbers: schedules.safetensors, made by Tests/Reference/make_parity_fixtures.py.
    @Suite("The noise schedule equals diffusers'")
    struct ScheduleParityTests {
        private func expected(_ name: String) throws -> Tensor {
            try SafetensorsFile(contentsOf: ReferencePack.fixtures.appendingPathComponent("schedules.safetensors")).tensor(name)
        }

        @Test("What is left of the picture at each of the 1000 timesteps, to the bit", arguments: [("mild", 0.004), ("published", 0.012)])
        func signal(name: String, betaEnd: Double) throws {
            let schedule = NoiseSchedule(betaEnd: betaEnd, clipRange: nil)
            #expect(try schedule.alphasCumprod.map(Float.init) == expected("\(name).signal").floats())
        }

        @Test("The timesteps of sampling", arguments: [4, 7, 20, 40, 50]) func timesteps(steps: Int) throws {
            let schedule = NoiseSchedule(clipRange: nil)
            #expect(try schedule.timesteps(steps).reversed() == expected("published.timesteps.\(steps)").integers())
        }
    }
}
