import Foundation
import Pictures
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Steering

extension TorchTests {
    /// What sampling with nothing edited makes of a picture, against what the autoencoder alone makes of it.
    @Suite("Exact inversion")
    struct InversionTests {
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
        }

        /// The picture after the autoencoder's round trip.
        private func roundTrip(_ picture: Picture, _ engine: Engine) async throws -> Picture {
            let tensors = folder.url.appendingPathComponent("\(UUID().uuidString).safetensors")
            _ = try await engine.preprocess(picture, features: 1, invertSteps: 1, tensors: tensors)
            let unit = try SafetensorsFile(contentsOf: tensors).tensor("movq.reconstruction") * 0.5 + 0.5
            let bytes = try (unit.clamped(0, 1) * 255).rounded().permuted([0, 2, 3, 1]).contiguous().bytes()
            return try Picture(width: unit.size(3), height: unit.size(2), pixels: bytes)
        }

        @Test(
            "With nothing edited the picture is the autoencoder's own, whatever the steps and the guidance", arguments: ReferencePack.all,
            [(1, 1), (4, 1), (5, 3.5), (7, 1)] as [(Int, Double)])
        func unedited(pack: ReferencePack, how: (steps: Int, guidance: Double)) async throws {
            let engine = try await pack.engine()
            let analysis = try await engine.analyse(pack.picture)
            let sampling = Sampling(steps: how.steps, guidance: how.guidance)
            let made = try await engine.render(RenderRequest(.picture(analysis.id), sampling: sampling))
            #expect(try await made == roundTrip(pack.picture, engine))
        }

        /// Its weights are trained, and its latents are not clamped.
        @Test("On the pack that comes with the program as well") func demonstration() async throws {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(root.appendingPathComponent("assets/demo"))
            let picture = try ReferencePack.landscape.picture
            let analysis = try await engine.analyse(picture)
            let made = try await engine.render(RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 5)))
            #expect(try await made == roundTrip(picture, engine))
        }

        @Test("A picture to show with nothing edited takes no step, is what sampling makes, and is inverted ahead of the first edit")
        func shown() async throws {
            let pack = ReferencePack.square
            let engine = try await pack.engine()
            let analysis = try await engine.analyse(pack.picture)
            let request = RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 4))
            let told = Mutex<[WorkProgress]>([])
            let answer = try await engine.answer(.render(request, previews: false)) { progress in
                told.withLock { $0.append(progress) }
            } remark: { _ in
            }
            guard case .rendered(let picture, _) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(told.withLock(\.self).allSatisfy { $0.stage == .rendering })
            await engine.ahead?.task.value
            let feature = try #require(analysis.features.first)
            var edited = request
            edited.stack = EditStack([Change(feature: feature.index, amount: feature.activation)])
            #expect(try await Self.inversion(edited, engine) == [])
            #expect(try await engine.render(request) == picture)
        }

        @Test("In half precision too", arguments: ["bfloat16", "float16"]) func halfPrecision(type: String) async throws {
            let pack = ReferencePack.square
            let engine = Engine(threads: 1)
            _ = try await engine.open(pack.pack, device: "cpu", dataType: type)
            let analysis = try await engine.analyse(pack.picture)
            let made = try await engine.render(RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 4)))
            #expect(try await made == roundTrip(pack.picture, engine))
        }

        @Test("An edit takes effect, the more the stronger it is") func edited() async throws {
            let pack = ReferencePack.square
            let engine = try await pack.engine()
            let analysis = try await engine.analyse(pack.picture)
            let feature = try #require(analysis.features.first)
            func render(_ amount: Float) async throws -> Picture {
                let change = Change(feature: feature.index, amount: amount)
                return try await engine.render(
                    RenderRequest(.picture(analysis.id), stack: EditStack([change]), sampling: Sampling(steps: 5)))
            }
            let unedited = try await roundTrip(pack.picture, engine)
            let little = try await render(0.1 * feature.activation).difference(to: unedited)
            let much = try await render(4 * feature.activation).difference(to: unedited)
            #expect(little > 0 && much > 2 * little, "\(little) \(much)")
        }

        @Test("Drafts and full pictures share one inversion, which goes on where it was cancelled") func shared() async throws {
            let pack = ReferencePack.square
            let engine = try await pack.engine()
            let analysis = try await engine.analyse(pack.picture)
            let request = RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 2))
            let task = Task {
                try await engine.render(request) {
                    if $0 == WorkProgress(.inverting, step: 2, count: 4) { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            // Two steps pass timesteps 1 and 501, and inversion in six steps two places between; two of the four are there already.
            #expect(try await Self.inversion(request, engine) == [1, 2].map { WorkProgress(.inverting, step: $0, count: 2) })
            #expect(try await Self.inversion(request, engine) == [])
            // One step passes timestep 1 alone, which is the beginning of that way.
            let single = RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 1))
            #expect(try await Self.inversion(single, engine) == [])
        }

        /// What a render tells of its inversion.
        private static func inversion(_ request: RenderRequest, _ engine: Engine) async throws -> [WorkProgress] {
            let told = Mutex<[WorkProgress]>([])
            _ = try await engine.render(request) { progress in
                if progress.stage == .inverting { told.withLock { $0.append(progress) } }
            }
            return told.withLock(\.self)
        }
    }
}

extension Picture {
    /// The mean difference of two pictures of one size, in levels of 255.
    fileprivate func difference(to other: Picture) -> Double {
        zip(pixels, other.pixels).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(pixels.count)
    }
}
