import Networks
import Tensors
import Testing

@testable import Diffusion

extension TorchTests {
    @Suite("DDIM")
    struct DDIMTests {
        private let latents: Tensor
        private let noise: Tensor

        init() throws {
            latents = try Generator(seed: 1).normal([1, 4, 2, 2])
            noise = try Generator(seed: 2).normal([1, 4, 2, 2])
        }

        private func difference(_ a: Tensor, _ b: Tensor) throws -> Double { try (a - b).magnitude().largest().item() }

        @Test("When the noise is the same everywhere, denoising takes inversion back to where it began", arguments: [2, 6, 20])
        func inverse(steps: Int) throws {
            let noise = noise
            let ddim = try DDIM(NoiseSchedule(clipRange: nil), steps: steps)
            let inverted = try ddim.inverting(latents) { _, _ in noise }.finish()
            #expect(try difference(inverted, latents) > 0.1)
            let back = try ddim.denoising(inverted) { _, _ in noise }.finish()
            #expect(try difference(back, latents) < 1e-4)
        }

        @Test("True noise is taken away in one step") func trueNoise() throws {
            let noise = noise
            let schedule = NoiseSchedule(clipRange: nil, endsClean: true)
            let signal = schedule.alphasCumprod[1]
            let noisy = try latents * signal.squareRoot() + noise * (1 - signal).squareRoot()
            let found = try DDIM(schedule, steps: 1).denoising(noisy) { _, _ in noise }.finish()
            #expect(try difference(found, latents) < 1e-5)
        }

        @Test("Clean latents are clamped where the schedule says so") func clipping() throws {
            let large = try latents * 10
            let steps = try DDIM(NoiseSchedule(clipRange: 1.5), steps: 3).denoising(large) { _, _ in try Tensor.zeros([1, 4, 2, 2]) }
            for step in steps { #expect(try step.predictedClean.magnitude().largest().item() <= 1.5) }
            #expect(steps.error == nil)
        }

        @Test("A trajectory computes a step when it is asked for, and predicts at each timestep in turn") func laziness() throws {
            var asked: [Int] = []
            let noise = noise
            let steps = try DDIM(NoiseSchedule(clipRange: nil), steps: 4).denoising(latents) {
                asked.append($1)
                return noise
            }
            #expect(steps.count == 4 && asked == [])
            #expect(steps.next()?.index == 0)
            #expect(asked == [751])
            #expect(steps.map(\.index) == [1, 2, 3])
            #expect(asked == [751, 501, 251, 1])
            #expect(steps.next() == nil)
        }

        private struct Failure: Error {}

        @Test("A step that fails ends the trajectory, which keeps the error and the latents so far") func failure() throws {
            let noise = noise
            let steps = try DDIM(NoiseSchedule(clipRange: nil), steps: 4).denoising(latents) { _, timestep in
                if timestep == 501 { throw Failure() }
                return noise
            }
            let first = try #require(steps.next())
            #expect(steps.next() == nil && steps.next() == nil && steps.error is Failure)
            #expect(try steps.latents.floats() == first.latents.floats())
            #expect(throws: Failure.self) { try steps.finish() }
        }

        @Test("Whoever follows the steps can stop them") func stopping() throws {
            let noise = noise
            let steps = try DDIM(NoiseSchedule(clipRange: nil), steps: 4).denoising(latents) { _, _ in noise }
            #expect(throws: Failure.self) { try steps.finish { if $0.index == 1 { throw Failure() } } }
            #expect(steps.next()?.index == 2)
        }
    }
}
