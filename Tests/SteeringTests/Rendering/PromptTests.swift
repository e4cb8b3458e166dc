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

        private func request(_ text: String, seed: UInt64 = 1, stack: EditStack = EditStack(), guidance: Double = 1) -> PromptRequest {
            PromptRequest(
                Prompt(text, seed: seed, steps: 3), stack: stack, width: 32, height: 24, seed: seed, steps: 2, guidance: guidance)
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
