import Foundation
import Pictures
import Steering
import Synchronization
import Tensors
import TestSupport
import Testing

extension TorchTests {
    @Suite("The engine")
    struct EngineTests {
        @Test("A cancelled call ends before its next step, and the engine goes on") func cancellation() async throws {
            let pack = ReferencePack.square
            let facts = try pack.facts
            let engine = try await pack.engine()
            let request = try pack.request(#require(facts.edits["raise"]))
            let before = try await engine.generate(request, steps: facts.steps, guidance: 1)
            let steps = Mutex<[Int]>([])
            let task = Task {
                try await engine.generate(request, steps: 50, guidance: 1) { progress in
                    steps.withLock { $0.append(progress.step) }
                    if progress.step == 2 { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(steps.withLock(\.self) == [1, 2])
            #expect(try await engine.generate(request, steps: facts.steps, guidance: 1) == before)
        }

        @Test("A plain inversion that was cancelled is made anew when it is next asked for") func cancelledInversion() async throws {
            let pack = ReferencePack.square
            let engine = try await pack.engine()
            let analysis = try await engine.analyse(pack.picture)
            let request = RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 2, inversion: .plain))
            let task = Task {
                try await engine.render(request) { if $0.stage == .inverting { withUnsafeCurrentTask { $0?.cancel() } } }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            let stages = Mutex<[WorkProgress]>([])
            _ = try await engine.render(request) { progress in stages.withLock { $0.append(progress) } }
            let steps = try pack.facts.invertSteps
            let inverting = (1...steps).map { WorkProgress(.inverting, step: $0, count: steps) }
            let rendering = (1...2).map { WorkProgress(.rendering, step: $0, count: 2) }
            #expect(stages.withLock(\.self) == inverting + rendering)
        }

        @Test("A picture is inverted once, however often it is made", arguments: Inversion.allCases)
        func invertedOnce(inversion: Inversion) async throws {
            let pack = ReferencePack.square
            let engine = try await pack.engine()
            let analysis = try await engine.analyse(pack.picture)
            let request = RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 2, inversion: inversion))
            let first = try await engine.render(request)
            let stages = Mutex<Set<WorkProgress.Stage>>([])
            let second = try await engine.render(request) { progress in stages.withLock { _ = $0.insert(progress.stage) } }
            #expect(stages.withLock(\.self) == [.rendering])
            #expect(first == second)
        }

        // A process of its own: the count is the process's, and other tests would disturb it.
        @Test("Every tensor is freed with the engine, after failures and cancelled calls too") func noLeaks() async {
            await #expect(processExitsWith: .success) {
                let before = Tensor.liveCount
                try await EngineTests.workAndFail()
                // The engine's own thread may be the last to let go of it.
                for _ in 0..<6000 where Tensor.liveCount != before { try await Task.sleep(for: .milliseconds(10)) }
                #expect(Tensor.liveCount == before)
            }
        }

        /// Everything that an engine does, some of it to no end.
        private static func workAndFail() async throws {
            let pack = ReferencePack.square
            let facts = try pack.facts
            let engine = try await pack.engine()
            _ = try await engine.preprocess(pack.picture, features: 2, invertSteps: facts.invertSteps)
            let request = try pack.request(#require(facts.edits["stack"]))
            _ = try await engine.generate(request, steps: facts.steps, guidance: facts.guidance)
            let analysis = try await engine.analyse(pack.picture)
            let unknown = RenderRequest(
                .picture(analysis.id), stack: EditStack([Change(feature: 64, amount: 1)]), sampling: Sampling(steps: 2))
            await #expect(throws: (any Error).self) { try await engine.render(unknown) }
            let task = Task {
                try await engine.generate(request, steps: 50, guidance: 1) { _ in withUnsafeCurrentTask { $0?.cancel() } }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(Tensor.liveCount > 0)
        }

        @Test("The features of a picture come strongest effect first, all of them active") func features() async throws {
            let pack = ReferencePack.landscape
            let engine = try await pack.engine()
            let analysis = try await engine.analyse(pack.picture)
            let activations = try await engine.activations(analysis.id)
            #expect(analysis.features.map(\.index).sorted() == activations.indices.filter { activations[$0] > 0 })
            #expect(analysis.features.map(\.effect) == analysis.features.map(\.effect).sorted(by: >))
            #expect(analysis.features.allSatisfy { $0.activation == activations[$0.index] })
            #expect(analysis.picture.width == 48 && analysis.picture.height == 36)
            #expect(analysis.isCropped)
        }

        @Test("A pack says what it is, with what its networks are made for where it has no description") func summary() async throws {
            let engine = Engine(threads: 1)
            let described = try await engine.openOnCPU(ReferencePack.landscape.pack)
            #expect(described.featureCount == 100 && described.width == 48 && described.height == 36)
            #expect(described.steps == 5 && described.invertSteps == 6)
            let plain = try await engine.openOnCPU(ReferencePack.portrait.pack)
            #expect(plain.name == "pack" && plain.featureCount == 80 && plain.width == 64 && plain.height == 64)
            #expect(plain.steps == 20 && plain.invertSteps == 40)
            #expect(plain.fingerprint != described.fingerprint)
            #expect(try await engine.openOnCPU(ReferencePack.portrait.pack) == plain)
        }

        @Test("A result has the size at which the model works, or the picture's own where that is asked for") func size() async throws {
            let pack = ReferencePack.landscape
            let engine = try await pack.engine()
            let picture = try pack.picture
            let analysis = try await engine.analyse(picture)
            func render(_ size: RenderRequest.Size) async throws -> Picture {
                try await engine.render(
                    RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 1), size: size))
            }
            let working = try await render(.model)
            #expect(working.width == 48 && working.height == 36)
            let restored = try await render(.original)
            #expect((restored.width, restored.height) == (picture.width, picture.height) && picture.width > 48)
            #expect(try restored == working.resized(width: picture.width, height: picture.height))
        }

        @Test("Nine pictures on, the first is no longer held, and rendering it says so") func forgetting() async throws {
            let pack = ReferencePack.square
            let engine = try await pack.engine()
            let first = try await engine.analyse(pack.picture)
            for _ in 1...8 { _ = try await engine.analyse(pack.picture) }
            let request = RenderRequest(.picture(first.id), sampling: Sampling(steps: 1))
            await #expect(throws: SteeringError.unknownAnalysis) { try await engine.render(request) }
        }

        @Test("A picture that is worked on is held however many others are opened, and pictures to borrow from take no place")
        func keeping() async throws {
            let pack = ReferencePack.square
            let engine = try await pack.engine()
            let (worked, idle) = (try await engine.analyse(pack.picture), try await engine.analyse(pack.picture))
            func render(_ analysis: AnalysisSummary) async throws {
                _ = try await engine.render(RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 1)))
            }
            for _ in 0..<10 { #expect(try await engine.features(of: pack.picture) == worked.features) }
            try await render(idle)
            for _ in 1...8 {
                try await render(worked)
                _ = try await engine.analyse(pack.picture)
            }
            try await render(worked)
            await #expect(throws: SteeringError.unknownAnalysis) { try await render(idle) }
        }

        @Test("Without a pack there is nothing to do") func noPack() async throws {
            await #expect(throws: SteeringError.noPack) { try await Engine(threads: 1).analyse(ReferencePack.square.picture) }
        }

        @Test("A pack that cannot be opened leaves none open") func failedOpening() async throws {
            let engine = try await ReferencePack.square.engine()
            let nowhere = URL(fileURLWithPath: "/nowhere")
            await #expect(throws: SteeringError.packMissing("/nowhere")) { try await engine.openOnCPU(nowhere) }
            await #expect(throws: SteeringError.noPack) { try await engine.analyse(ReferencePack.square.picture) }
        }

        @Test("What cannot be made is refused in one sentence that names the value") func refusals() async throws {
            let pack = ReferencePack.square
            let engine = try await pack.engine()
            let analysis = try await engine.analyse(pack.picture)
            func render(_ changes: [Change] = [], steps: Int = 2) async throws -> String {
                try await refusal {
                    try await engine.render(
                        RenderRequest(.picture(analysis.id), stack: EditStack(changes), sampling: Sampling(steps: steps)))
                }
            }
            #expect(try await render([Change(feature: 64, amount: 1)]).contains("no feature 64"))
            #expect(try await render([Change(feature: -1, amount: 1)]).contains("no feature -1"))
            #expect(try await render([Change(feature: 3, amount: .nan)]).contains("feature 3"))
            #expect(try await render(steps: 0).contains("not 0"))
            #expect(try await render(steps: 1001).contains("not 1001"))
            #expect(try await refusal { try await engine.open(pack.pack, dataType: "int8") }.contains("\"int8\""))
            #expect(try await refusal { try await engine.open(pack.pack, device: "tpu") }.contains("tpu"))
        }
    }
}
