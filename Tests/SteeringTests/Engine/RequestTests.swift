import Foundation
import Testing

@testable import Steering

extension TorchTests {
    @Suite("Requests")
    struct RequestTests {
        /// A request that the pack "square" fulfils.
        private func valid() throws -> RequestFile {
            RequestFile(
                embeddings: [try ReferencePack.square.expected("image_embeds").floats()],
                latents: [try ReferencePack.square.expected("inv_latents").planes()], features: [1], values: [2], height: 32,
                width: 32)
        }

        @Test(
            "A request with one wrong member is refused with the file's name",
            arguments: [
                ("image_embeds", "[]"), ("image_embeds", "[[1], [2]]"), ("image_embeds", "[1]"), ("image_embeds", "null"),
                ("image_embeds", "[[1e60]]"), ("inv_latents", "[]"), ("inv_latents", "[[]]"), ("inv_latents", "[[[]]]"),
                ("inv_latents", "[[[[]]]]"), ("inv_latents", "[[[[1, 2], [3]]]]"), ("inv_latents", "[[[[1]], [[1], [2]]]]"),
                ("inv_latents", "[[[[1]]], [[[1]]]]"), ("inv_latents", "[[[[\"1\"]]]]"), ("feature_idx", "[1, 2]"),
                ("feature_idx", "[1.5]"),
                ("feature_idx", "[99999999999999999999]"), ("feature_val", "[]"), ("feature_val", "[null]"), ("height", "\"32\""),
                ("width", "1e300"),
            ])
        func unreadable(name: String, value: String) async throws {
            let text = try replacing(name, by: value, in: JSONEncoder().encode(valid()))
            let message = try await refusal { try GenerateRequest(data: Data(text.utf8), name: "request.json") }
            #expect(message.hasPrefix("request.json: this is not a request:"))
        }

        @Test("What is not JSON, or no object, is refused", arguments: ["", "7", "[]", "{", "{}", "\u{FEFF}x"])
        func notARequest(text: String) async throws {
            let message = try await refusal { try GenerateRequest(data: Data(text.utf8), name: "request.json") }
            #expect(message.hasPrefix("request.json: this is not a request:"))
        }

        @Test("A request that does not fit the pack is refused, and says where")
        func unsuitable() async throws {
            let engine = try await ReferencePack.square.engine()
            func message(_ change: (inout RequestFile) -> Void) async throws -> String {
                var file = try valid()
                change(&file)
                let request = try file.request()
                return try await refusal { try await engine.generate(request, steps: 1, guidance: 1) }
            }
            #expect(try await message { $0.embeddings = [[1, 2]] }.contains("2 numbers"))
            #expect(try await message { $0.features = [64] }.contains("feature 64 where the pack has features 0 to 63."))
            #expect(try await message { $0.features = [-1] }.contains("feature -1"))
            #expect(try await message { $0.features = [64] }.hasPrefix("request.json: this request does not fit the pack:"))
            #expect(try await message { $0.width = 33 }.contains("33 × 32"))
            #expect(try await message { $0.height = 0 }.contains("32 × 0"))
            #expect(try await message { $0.height = -32 }.contains("32 × -32"))
            #expect(try await message { $0.latents[0].removeLast() }.contains("[1, 3, 16, 16]"))
        }

        @Test("A feature that is named twice takes the later value") func repeated() async throws {
            let engine = try await ReferencePack.square.engine()
            var file = try valid()
            let once = try await engine.generate(file.request(), steps: 2, guidance: 1)
            (file.features, file.values) = ([1, 1], [9, 2])
            #expect(try await engine.generate(file.request(), steps: 2, guidance: 1) == once)
        }
    }
}
