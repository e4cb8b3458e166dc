import Foundation
import Steering
import TestSupport
import Testing

extension TorchTests {
    @Suite("Pictures from texts")
    struct PromptTests {
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
        }

        private func engine() async throws -> Engine {
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(TextReference.pack(in: folder))
            return engine
        }

        private func request(
            _ text: String, negative: String? = nil, seed: UInt64 = 1, stack: EditStack = EditStack(), guidance: Double = 1
        ) -> RenderRequest {
            RenderRequest(
                .prompt(Prompt(text, negative: negative, seed: seed, steps: 3)), stack: stack,
                sampling: Sampling(steps: 2, guidance: guidance, start: .noise(seed: seed)), size: .pixels(width: 32, height: 24))
        }

        @Test("Equal requests give equal pictures; another text, seed, edit or guidance gives another") func determined() async throws {
            let engine = try await engine()
            let picture = try await engine.render(request("a red circle"))
            #expect(picture.width == 32 && picture.height == 24)
            #expect(try await engine.render(request("a red circle")) == picture)
            var stack = EditStack()
            stack.set(feature: 3, to: 9)
            for other in [
                request("a blue square"), request("a red circle", seed: 2), request("a red circle", stack: stack),
                request("a red circle", guidance: 4),
            ] {
                #expect(try await engine.render(other) != picture)
            }
        }

        @Test("Pictures of texts and of a picture are made together as they are alone", arguments: [1, 3.0])
        func together(guidance: Double) async throws {
            let engine = try await engine()
            let analysis = try await engine.analyse(ReferencePack.square.picture.resized(width: 32, height: 24))
            var stack = EditStack()
            stack.set(feature: 3, to: 9)
            let requests = [
                request("a red circle", guidance: guidance), request("a red circle", stack: stack, guidance: guidance),
                request("a red circle", negative: "grass", guidance: guidance),
                RenderRequest(.picture(analysis.id), stack: stack, sampling: request("", guidance: guidance).sampling),
            ]
            let together = try await engine.render(requests)
            #expect(Set(together.map(\.pixels)).count == 4)
            for (picture, request) in zip(together, requests) {
                let alone = try await engine.render(request)
                #expect(zip(picture.pixels, alone.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
            }
        }

        @Test("A text cannot start from an inversion") func inversion() async throws {
            let engine = try await engine()
            let request = RenderRequest(.prompt(Prompt("a red circle")), sampling: Sampling(steps: 1))
            #expect(try await refusal { try await engine.render(request) }.contains("no picture to invert"))
        }

        @Test("A pack without the text part says which part prompts need") func noTextPart() async throws {
            let engine = try await ReferencePack.square.engine()
            let message = try await refusal { try await engine.render(request("a red circle")) }
            #expect(message == "\(ReferencePack.square.pack.path): the pack has no prior/scheduler, which prompts need.")
        }

        @Test("An edit of a feature that is not there is refused") func feature() async throws {
            var stack = EditStack()
            stack.set(feature: 64, to: 1)
            let engine = try await engine()
            let message = try await refusal { try await engine.render(request("a red circle", stack: stack)) }
            #expect(message == "There is no feature 64: the pack has features 0 to 63.")
        }

        @Test("Work that is cancelled ends") func cancelling() async throws {
            let (engine, request) = (try await engine(), request("a red circle"))
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await engine.render(request)
            }
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}
