import Diffusion
import Networks
import Pictures
import Tensors
import Testing

@testable import Steering

/// Predicts noise by arithmetic, and takes pixels for latents.
private final class ArithmeticModel: NoiseModel, PictureEncoder {
    let schedule = NoiseSchedule(clipRange: nil)
    let inversionSteps = 8
    private(set) var calls = 0

    func noisePredictor(for embedding: Tensor, guidance: Double, negative: Tensor?, _ what: String?) throws -> NoisePredictor {
        let shift = try embedding.mean([1], keep: true).reshaped([-1, 1, 1, 1])
        return { [self] latents, timestep in
            calls += 1
            return try latents * 0.1 + shift * (guidance * Double(timestep) / 1000)
        }
    }

    func latents(of picture: Picture) throws -> Tensor { try picture.signedTensor() }
}

extension TorchTests {
    @Suite("A picture's ways to noise, with any model")
    struct NoiseModelTests {
        private let model = ArithmeticModel()

        private func analysis(_ value: Double = 1) throws -> Analysis {
            let pixels = (0..<8 * 8 * 3).map { UInt8($0) }
            let picture = try Picture(width: 8, height: 8, pixels: pixels)
            return Analysis(
                picture, of: picture, embedding: try Tensor.full([1, 4], value), activations: [],
                reconstruction: Reconstruction(cosine: 1, explained: 1, activeCount: 0))
        }

        private func sampled(_ analysis: Analysis, _ embedding: Tensor, guidance: Double = 1) throws -> [Float] {
            let retracing = try analysis.exactInversion(model).retracing(steps: 4, guidance: guidance, model)
            while try retracing.advance() != nil {}
            return try retracing.trajectory(embedding).finish().floats()
        }

        private func inverted(_ analysis: Analysis) throws -> Tensor {
            let inversion = try analysis.plainInversion(model, model)
            while try inversion.advance() != nil {}
            return try inversion.result()
        }

        @Test("Sampling along the exact inversion comes back to the latents to the bit", arguments: [1, 3.5])
        func exact(guidance: Double) throws {
            let analysis = try analysis()
            let latents = try analysis.latents(model).floats()
            #expect(try sampled(analysis, analysis.embedding, guidance: guidance) == latents)
            #expect(try sampled(analysis, Tensor.full([1, 4], 2), guidance: guidance) != latents)
        }

        @Test("A picture is inverted once, exactly and plainly") func once() throws {
            let analysis = try analysis()
            _ = try sampled(analysis, analysis.embedding)
            let exact = model.calls
            _ = try sampled(analysis, analysis.embedding)
            #expect(model.calls == exact + 4 && exact > 4)
            let noise = try inverted(analysis)
            #expect(model.calls == exact + 4 + 8)
            #expect(try inverted(analysis) === noise && model.calls == exact + 4 + 8)
        }

        @Test(
            "Two who go one way at once share its steps, each tells only its own, and both come to what one alone does",
            arguments: [1, 3.5])
        func together(guidance: Double) throws {
            let alone = try sampled(analysis(), Tensor.full([1, 4], 2), guidance: guidance)
            let calls = model.calls
            let inversion = try analysis().exactInversion(model)
            let works = try [4, 8, 4].map { try inversion.retracing(steps: $0, guidance: $0 == 8 ? 1 : guidance, model) }
            var told = [[WorkProgress]](repeating: [], count: works.count)
            var isDone = false
            while !isDone {
                isDone = true
                for (place, work) in works.enumerated() {
                    guard let done = try work.advance() else { continue }
                    told[place].append(done)
                    isDone = false
                }
            }
            for steps in told { #expect(steps.map(\.step) == Set(steps.map(\.step)).sorted() && steps.allSatisfy { $0.step <= $0.count }) }
            for place in [0, 2] { #expect(try works[place].trajectory(Tensor.full([1, 4], 2)).finish().floats() == alone) }
            #expect(model.calls - calls < 3 * calls)
        }

        @Test("A draft takes a path of its own few steps until the whole one is there") func drafts() throws {
            let analysis = try analysis()
            let inversion = try analysis.exactInversion(model)
            func sampled(_ steps: Int, isDraft: Bool) throws -> [Float] {
                let edited = try Tensor.full([1, 4], 2)
                let retracing = try inversion.retracing(steps: steps, guidance: 1, isDraft: isDraft, model)
                while try retracing.advance() != nil {}
                return try retracing.trajectory(edited).finish().floats()
            }
            let latents = try analysis.latents(model).floats()
            let early = try sampled(2, isDraft: true)
            // One call where the path begins, one at each place, one for each step.
            #expect(model.calls == 1 + 2 + 2 && early != latents)
            _ = try sampled(4, isDraft: false)
            let whole = model.calls
            let late = try sampled(2, isDraft: true)
            #expect(model.calls == whole + 2)
            #expect(try late == sampled(2, isDraft: false))
        }

        @Test("A path that is computed place by place serves what comes after") func ahead() throws {
            let analysis = try analysis()
            let inversion = try analysis.exactInversion(model)
            var places = 1
            while try inversion.advance(steps: 4, model) { places += 1 }
            #expect(places == 7 && model.calls == 1 + places)
            let calls = model.calls
            _ = try sampled(analysis, Tensor.full([1, 4], 2))
            #expect(model.calls == calls + 4)
            #expect(try !inversion.advance(steps: 4, model) && model.calls == calls + 4)
        }

        @Test("What is not finite is an error that says where") func notFinite() throws {
            let analysis = try analysis(.infinity)
            #expect(throws: SteeringError.notANumber(stage: "The inverted latents")) { try sampled(analysis, analysis.embedding) }
            #expect(throws: SteeringError.notANumber(stage: "The inverted latents")) { try inverted(analysis) }
        }
    }
}
