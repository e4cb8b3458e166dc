import Foundation
import Tensors

/// One of the three published repositories that make a pack of photographs.
public enum PublishedRepository: String, CaseIterable, Sendable {
    case prior = "kandinsky-community/kandinsky-2-2-prior"
    case decoder = "kandinsky-community/kandinsky-2-2-decoder"
    case sae = "gytdau/clip-sae-128"

    /// What the repository says of its licence.
    public var licence: String {
        switch self {
        case .prior, .decoder: "Apache-2.0"
        case .sae: "see its page"
        }
    }

    /// Its folder in a pack.
    public var folder: String {
        switch self {
        case .prior: "prior"
        case .decoder: "decoder"
        case .sae: "sae"
        }
    }

    /// What is fetched: for each file the names that it may have, the first of which that is published is taken.
    var files: [[String]] {
        switch self {
        case .prior:
            [["image_processor/preprocessor_config.json"]] + Self.network("image_encoder", "model") + Self.network("text_encoder", "model")
                + ["vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"].map { ["tokenizer/\($0)"] }
                + Self.network("prior", "diffusion_pytorch_model") + [["scheduler/scheduler_config.json"]]
        case .decoder:
            [["scheduler/scheduler_config.json"]] + Self.network("unet", "diffusion_pytorch_model")
                + Self.network("movq", "diffusion_pytorch_model")
        case .sae: [[Self.autoencoder]]
        }
    }

    private static let autoencoder = "sparse_autoencoder_128.pth"

    private static func network(_ folder: String, _ stem: String) -> [[String]] {
        [["\(folder)/config.json"], ["\(folder)/\(stem).fp16.safetensors", "\(folder)/\(stem).safetensors"]]
    }

    /// Whether a folder holds this repository, as far as pictures need it.
    func isComplete(in folder: URL) -> Bool {
        func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path) }
        func hasNetwork(_ part: String, _ stem: String) -> Bool {
            has("\(part)/config.json") && WeightFiles.names(stem).contains { has("\(part)/\($0)") }
        }
        return switch self {
        case .prior: hasNetwork("image_encoder", "model") && has("image_processor/preprocessor_config.json")
        case .decoder:
            hasNetwork("unet", "diffusion_pytorch_model") && hasNetwork("movq", "diffusion_pytorch_model")
                && has("scheduler/scheduler_config.json")
        case .sae:
            has(Self.autoencoder)
                || ["sae", "clip-sae-128"].contains(folder.lastPathComponent)
                    && ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
                        .contains { Pack.isWeights($0) && has($0) }
        }
    }
}
