import Foundation
import Networks
import Steering
import Tensors
import TestSupport

/// The optional text part of a pack, with what transformers and diffusers make of texts with it. Made by Tests/Reference/make_text_fixtures.py.
enum TextReference {
    /// A text and its tokens without padding.
    struct Example: Decodable {
        let text: String
        let tokens: [Int]
    }

    /// A way to write a tokenizer's special tokens down.
    struct Settings: Decodable {
        let name: String
        /// The contents of `tokenizer_config.json` and, if it is there, `special_tokens_map.json`.
        let config: String
        let map: String?
        let length, padding: Int
        let strings: [Example]
    }

    /// `tokenizer.json` with something beside it.
    struct TokenizerFile: Decodable {
        let name: String
        /// Whether the start and the end are looked for in the normalised text.
        let normalised: [Bool]
        /// The name of the `Settings` that stand beside it, if any do.
        let settings: String?
        let length, padding: Int
        let strings: [Example]
    }

    struct PromptFacts: Decodable {
        let prompt: String
        let negative: String?
        let guidance: Double
        let steps: Int
        let seed: UInt64

        private enum CodingKeys: String, CodingKey {
            case prompt
            case negative = "negative_prompt"
            case guidance = "guidance_scale"
            case steps = "num_inference_steps"
            case seed
        }

        var request: Prompt { Prompt(prompt, negative: negative, seed: seed, steps: steps, guidance: guidance) }
    }

    struct Facts: Decodable {
        let prompts: [String: PromptFacts]
        let endProbe: Int
    }

    static var folder: URL { ReferencePack.fixtures.appendingPathComponent("text") }

    static func decoded<Value: Decodable>(_ name: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static var facts: Facts {
        get throws { try decoded("expected.json") }
    }

    static func expected(_ name: String) throws -> Tensor {
        try SafetensorsFile(contentsOf: folder.appendingPathComponent("expected.safetensors")).tensor(name)
    }

    /// The pack "square" with the text part.
    static func pack(in temporary: TemporaryFolder) throws -> URL {
        let copy = try ReferencePack.square.copy(in: temporary)
        for part in ["text_encoder", "tokenizer", "prior", "scheduler"] {
            try FileManager.default.copyItem(
                at: folder.appendingPathComponent("prior/\(part)"), to: copy.appendingPathComponent("prior/\(part)"))
        }
        return copy
    }
}
