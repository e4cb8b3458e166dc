import Networks
import Tensors

/// Trains a sparse autoencoder of embeddings: squared error plus a price on every activation times the length of its direction.
///
/// This is the loss of the published `clip-sae-128`. Encoder and decoder begin as each other's transpose, and features that never
/// fire are given a new beginning at what is explained worst.
public final class SparseTrainer: Trainer {
    public struct Settings: Sendable {
        /// The number of features. The drawn world has 52 factor values; with many more features than that, each stands for a
        /// combination of values instead of one.
        public var count: Int
        /// The price of one unit of activation along a direction of length 1.
        public var sparsity: Double
        /// Steps between looking for features that never fire; nil never looks.
        public var revivalInterval: Int?
        /// The part of the run after which features are left alone.
        public var revivalPart: Double

        public init(count: Int = 64, sparsity: Double = 1, revivalInterval: Int? = 200, revivalPart: Double = 0.6) {
            self.count = count
            self.sparsity = sparsity
            self.revivalInterval = revivalInterval
            self.revivalPart = revivalPart
        }
    }

    public let name = "sparse autoencoder"
    public let parameters: [(name: String, tensor: Tensor)]
    private let settings: Settings
    private let embeddings, heldOut: Tensor
    private let batch: Int
    private let seed: UInt64
    private let encoder, encoderBias, decoder, decoderBias: Tensor
    private var progress = 0.0

    /// - Parameters:
    ///   - embeddings: what is trained on, `[count, width]`.
    ///   - heldOut: what is measured on, `[count, width]`.
    public init(_ settings: Settings, embeddings: Tensor, heldOut: Tensor, batch: Int, seed: UInt64) throws {
        self.settings = settings
        self.embeddings = embeddings
        self.heldOut = heldOut
        self.batch = batch
        self.seed = seed
        let source = try FreshSource(seed: seed)
        let weights = Weights(source)
        let width = embeddings.size(1)
        encoder = try weights["encoder"].parameter("weight", [settings.count, width], initially: .normal(deviation: 1))
        encoderBias = try weights.parameter("enc_bias", [settings.count])
        decoder = try weights["decoder"].parameter("weight", [width, settings.count])
        decoderBias = try weights.parameter("dec_bias", [width])
        parameters = source.parameters
        try startTied()
    }

    public func loss(step: Int, progress: Double) throws -> Tensor {
        self.progress = progress
        let random = try stepGenerator(seed: seed, step: step)
        let picked = try embeddings.selecting(random.integers(below: embeddings.size(0), [batch]))
        let features = try encode(picked)
        let error = try (decode(features) - picked).squared().sum([1]).mean()
        let price = try (features * decoder.norm([0])).sum([1]).mean()
        return try error + price * settings.sparsity
    }

    /// Variance explained, activations per embedding, cosine, and the part of the features that never fire: always together.
    public func evaluate() throws -> [String: Double] {
        let features = try encode(heldOut)
        let restored = try decode(features)
        let spread = try (heldOut - heldOut.mean([0], keep: true)).squared().mean().item()
        let dots = try (heldOut * restored).sum([1])
        let fires = try features.isGreater(than: 0).to(.float32)
        return [
            "explained": 1 - (try (heldOut - restored).squared().mean().item()) / spread,
            "active": try fires.sum([1]).mean().item(),
            "cosine": try (dots / (heldOut.norm([1]) * restored.norm([1]))).mean().item(),
            "dead": 1 - (try fires.largest([0]).mean().item()),
        ]
    }

    /// Gives features that fire on none of some thousand embeddings a new beginning.
    public func finishStep(_ step: Int) throws {
        guard let interval = settings.revivalInterval, step % interval == interval - 1, progress < settings.revivalPart else { return }
        try Tensor.withoutGradients {
            let random = try stepGenerator(seed: seed &+ 1, step: step)
            let sample = try embeddings.selecting(random.integers(below: embeddings.size(0), [4096]))
            let features = try encode(sample)
            let isDead = try features.largest([0]).isGreater(than: 0).to(.float32) * -1 + 1
            let residuals = try (sample - decode(features)).selecting(random.integers(below: 4096, [settings.count]))
            let directions = try residuals / (residuals.norm([1], keep: true) + 1e-6)
            let column = try isDead.reshaped([-1, 1])
            try encoder.assign(encoder + (directions * 0.3 - encoder) * column)
            try decoder.assign(decoder + (directions.transposed() * 0.3 - decoder) * isDead)
            try encoderBias.assign(encoderBias - encoderBias * isDead)
        }
    }

    private func encode(_ embeddings: Tensor) throws -> Tensor { try embeddings.linear(encoder, encoderBias).relu() }

    private func decode(_ features: Tensor) throws -> Tensor { try features.linear(decoder, decoderBias) }

    private func startTied() throws {
        try Tensor.withoutGradients {
            try encoder.assign(encoder / encoder.norm([1], keep: true) * 0.3)
            try decoder.assign(encoder.transposed())
            try decoderBias.assign(embeddings.mean([0]))
            // Encoding does not subtract the decoder's bias, so the encoder's begins where the mean embedding activates nothing.
            try encoderBias.assign(-encoder.matmul(decoderBias.reshaped([-1, 1])).reshaped([-1]))
        }
    }
}
