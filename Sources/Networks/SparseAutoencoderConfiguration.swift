import Foundation

/// What a sparse autoencoder's optional `config.json` says, and what its file of weights says without one.
///
///     {"activation": "topk", "k": 32, "subtracts_decoder_bias": true}
///
/// `activation` is `relu`, `topk` with a number `k`, or `threshold`. Where it is absent, a file with a tensor `threshold` is of that kind and
/// any other is `relu`. `subtracts_decoder_bias` is false unless it is given.
public struct SparseAutoencoderConfiguration: Sendable, Equatable {
    public var activation: SparseAutoencoder.Activation
    public var subtractsDecoderBias: Bool

    /// Without a `config.json`.
    /// - Parameter threshold: the shape of the file's tensor `threshold`, where there is one.
    public init(threshold: [Int]?) {
        activation = threshold.map { .threshold(shape: $0) } ?? .relu
        subtractsDecoderBias = false
    }

    /// - Throws: `NetworkError` for an option of the wrong form, or one that the file of weights contradicts.
    public init(contentsOf url: URL, threshold: [Int]?) throws {
        self.init(threshold: threshold)
        var options = try Configuration(contentsOf: url)
        switch try options.text("activation", default: threshold == nil ? "relu" : "threshold") {
        case "relu": activation = .relu
        case "topk": activation = .topK(try options.integer("k"))
        case "threshold": activation = .threshold(shape: threshold ?? [1])
        case let other:
            throw NetworkError.invalidOption(
                file: url.path, option: "activation", found: "\"\(other)\"", expected: "\"relu\", \"topk\" or \"threshold\"")
        }
        subtractsDecoderBias = try options.boolean("subtracts_decoder_bias", default: false)
        try options.finish()
    }
}
