import Diffusion
import Networks

/// What can be said in a few words.
protocol Summarised {
    var summary: String { get }
}

extension ImageTowerConfiguration: Summarised {
    var summary: String {
        "\(layers) layers of \(width), \(imageSize) × \(imageSize) pixels in patches of \(patchSize), "
            + "embeddings of \(projection)"
    }
}

extension TextTowerConfiguration: Summarised {
    var summary: String {
        "\(layers) layers of \(width), texts of \(length) tokens, embeddings of \(projection)"
    }
}

extension PriorConfiguration: Summarised {
    var summary: String { "\(layers) layers of \(heads * headWidth), embeddings of \(embeddingWidth)" }
}

extension UNetConfiguration: Summarised {
    var summary: String { "levels of \(list(channels)) channels, latents of \(inputChannels), embeddings of \(embeddingWidth)" }
}

extension MoVQConfiguration: Summarised {
    var summary: String { "levels of \(list(channels)) channels, latents of \(latentChannels)" }
}

extension SparseAutoencoderConfiguration: Summarised {
    var summary: String {
        switch activation {
        case .relu: "all above 0"
        case .topK(let k): "the \(k) largest"
        case .threshold: "those above a threshold"
        }
    }
}

extension PixelNormalisation: Summarised {
    var summary: String { "\(cropSide) × \(cropSide) pixels from the centre" }
}

extension NoiseSchedule: Summarised {
    var summary: String {
        "\(alphasCumprod.count) noise levels, " + (clipRange.map { "clean latents clamped to ±\($0)" } ?? "clean latents not clamped")
    }
}

extension PriorSchedule: Summarised {
    var summary: String { clipRange.map { "clean embeddings clamped to ±\($0)" } ?? "clean embeddings not clamped" }
}

extension Tokenizer: Summarised {
    var summary: String { "\(vocabularySize) tokens, texts of \(length)" }
}

private func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
