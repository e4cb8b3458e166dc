import Foundation
import Tensors

/// How a sparse autoencoder computes: what its configuration file says, and what its file of weights says without one.
///
/// Fader's own is an optional `config.json`:
///
///     {"activation": "topk", "k": 32, "subtracts_decoder_bias": true, "normalize_activations": "layer_norm"}
///
/// `activation` is `relu`, `topk` with a number `k`, or `threshold`. Where it is absent, a file with a tensor `threshold` is of that kind and
/// any other is `relu`. `subtracts_decoder_bias` is false and `normalize_activations` is `none` unless they are given.
public struct SparseAutoencoderConfiguration: Sendable, Equatable {
    public var activation: SparseAutoencoder.Activation
    public var subtractsDecoderBias: Bool
    public var normalisation = SparseAutoencoder.Normalisation.none
    /// What embeddings are multiplied by before they are encoded.
    var inputScale = 1.0
    /// Whether an activation is counted with the length of its direction, which then is 1.
    var countsDecoderNorms = false
    /// Whether the threshold is meant without those lengths.
    var scalesThreshold = true
    /// Whether a feature that equals its threshold is kept.
    var keepsThreshold = false
    /// Whether the file holds the logarithm of the threshold.
    var hasLogarithmicThreshold = false
    /// Whether the file's factors of the directions count.
    var appliesFeatureScale = false
    /// How the directions are normalised before they are used.
    var dictionaryNormalisation: DictionaryNormalisation?

    /// Overcomplete's ways to normalise a dictionary `[count, width]` (sae/dictionary.py).
    enum DictionaryNormalisation: String, CaseIterable {
        case l2
        case largestL2 = "max_l2"
        case l1
        case largestL1 = "max_l1"
        case identity

        func callAsFunction(_ rows: Tensor) throws -> Tensor {
            let wide = try rows.to(.float32)
            let normalised: Tensor
            switch self {
            case .identity: return rows
            case .l2: normalised = try wide / (wide.norm([1], keep: true) + 1e-8)
            case .largestL2: normalised = try wide / wide.norm([1], keep: true).largest()
            case .l1: normalised = try wide / (wide.magnitude().sum([1], keep: true) + 1e-8)
            case .largestL1: normalised = try wide / wide.magnitude().sum([1], keep: true).largest()
            }
            return try normalised.to(rows.dataType)
        }
    }

    /// Without a `config.json`.
    /// - Parameter threshold: the shape of the file's tensor `threshold`, where there is one.
    public init(threshold: [Int]?) {
        activation = threshold.map { .threshold(shape: $0) } ?? .relu
        subtractsDecoderBias = false
    }

    /// Reads Fader's own.
    /// - Throws: `NetworkError` for an option of the wrong form, or one that the file of weights contradicts.
    public init(contentsOf url: URL, threshold: [Int]?) throws {
        self.init(threshold: threshold)
        var options = try ConfigurationFile(contentsOf: url)
        try read(&options, threshold: threshold)
        try options.finish()
    }

    /// Takes Fader's own options.
    mutating func read(_ options: inout ConfigurationFile, threshold: [Int]?) throws {
        let usual =
            switch activation {
            case .relu: "relu"
            case .topK: "topk"
            case .threshold: "threshold"
            }
        switch try options.text("activation", default: usual) {
        case "relu": activation = .relu
        case "topk":
            if case .topK(let k) = activation {
                activation = .topK(try options.integer("k", default: k))
            } else {
                activation = .topK(try options.integer("k"))
            }
        case "threshold": activation = .threshold(shape: threshold ?? [1])
        case let other:
            throw NetworkError.invalidOption(
                file: options.file, option: "activation", found: "\"\(other)\"", expected: "\"relu\", \"topk\" or \"threshold\"")
        }
        subtractsDecoderBias = try options.boolean("subtracts_decoder_bias", default: subtractsDecoderBias)
        let wanted = try options.text("normalize_activations", default: normalisation.rawValue)
        guard let found = SparseAutoencoder.Normalisation(rawValue: wanted) else {
            throw NetworkError.invalidOption(
                file: options.file, option: "normalize_activations", found: "\"\(wanted)\"",
                expected: "\"none\", \"layer_norm\" or \"constant_norm_rescale\"")
        }
        normalisation = found
    }
}
