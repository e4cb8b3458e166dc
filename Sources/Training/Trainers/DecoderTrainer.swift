import Networks
import Tensors

/// What the decoder is trained on: latents and the embeddings that they are to be drawn from.
public struct EncodedScenes {
    /// `[count, channels, height, width]`, mean 0 and deviation 1.
    public let latents: Tensor
    /// `[count, width]`.
    public let embeddings: Tensor
    /// The embedding of no picture, `[1, width]`.
    public let zero: Tensor

    public init(latents: Tensor, embeddings: Tensor, zero: Tensor) {
        self.latents = latents
        self.embeddings = embeddings
        self.zero = zero
    }

    /// Encodes every picture of a bank.
    public init(_ bank: SceneBank, _ movq: MoVQ, _ tower: ImageTower) throws {
        (latents, embeddings, zero) = try Tensor.withoutGradients {
            let latents = try bank.batches(of: 16).map { try movq.encode(bank.pictures($0)).contiguous() }
            return (
                try Tensor.concatenated(latents, dimension: 0), try tower.embeddings(of: bank), try tower.embeddingOfNothing()
            )
        }
    }

    public var count: Int { latents.size(0) }
}

extension ImageTower {
    /// The embedding of mean grey, which guidance moves away from: `[1, width]`.
    public func embeddingOfNothing() throws -> Tensor {
        try self(Tensor.zeros([1, 3, configuration.imageSize, configuration.imageSize]))
    }
}

/// Trains the U-Net to predict the noise in latents, given the embedding of their picture (Ho et al., "Denoising Diffusion Probabilistic Models", 2020).
public final class DecoderTrainer: Trainer {
    public struct Settings: Sendable {
        public var network: UNetConfiguration
        public var schedule: NoiseSchedule
        /// How often the embedding is replaced by that of no picture, for guidance.
        public var dropping: Double
        /// The deviation of the noise on embeddings, so that edited ones, which no picture has, are drawn well too.
        public var embeddingNoise: Double
        /// Signal-to-noise ratios above this weigh less (Hang et al., "Efficient Diffusion Training via Min-SNR Weighting", 2023).
        public var largestRatio: Double

        public init(
            network: UNetConfiguration = .demo, schedule: NoiseSchedule = NoiseSchedule(clipRange: nil), dropping: Double = 0.1,
            embeddingNoise: Double = 0.05, largestRatio: Double = 5
        ) {
            self.network = network
            self.schedule = schedule
            self.dropping = dropping
            self.embeddingNoise = embeddingNoise
            self.largestRatio = largestRatio
        }
    }

    public let name = "decoder"
    public let parameters: [(name: String, tensor: Tensor)]
    public let averaging: Double? = 0.999
    public let network: UNet
    private let settings: Settings
    private let scenes, heldOut: EncodedScenes
    private let batch: Int
    private let seed: UInt64
    /// √ᾱ, √(1 − ᾱ) and the weight of the loss, `[timesteps]`.
    private let signal, noise, weight: Tensor

    public init(_ settings: Settings, scenes: EncodedScenes, heldOut: EncodedScenes, batch: Int, seed: UInt64) throws {
        self.settings = settings
        self.scenes = scenes
        self.heldOut = heldOut
        self.batch = batch
        self.seed = seed
        let source = try FreshSource(seed: seed)
        network = try UNet(settings.network, Weights(source))
        parameters = source.parameters
        let left = settings.schedule.signal
        let shape = [left.count]
        signal = try Tensor(left.map { Float($0.squareRoot()) }, shape: shape)
        noise = try Tensor(left.map { Float((1 - $0).squareRoot()) }, shape: shape)
        weight = try Tensor(left.map { Float(min($0 / (1 - $0), settings.largestRatio) / ($0 / (1 - $0))) }, shape: shape)
    }

    public func loss(step: Int, progress: Double) throws -> Tensor {
        try loss(on: scenes, stepGenerator(seed: seed, step: step), batch: batch, dropping: settings.dropping)
    }

    /// The loss on held-out scenes, with the same noise each time.
    public func evaluate() throws -> [String: Double] {
        var total = 0.0
        let batches = 8
        for index in 0..<batches { total += try loss(on: heldOut, stepGenerator(seed: 0, step: index), batch: 32, dropping: 0).item() }
        return ["loss": total / Double(batches)]
    }

    private func loss(on scenes: EncodedScenes, _ random: Generator, batch: Int, dropping: Double) throws -> Tensor {
        let indices = try random.integers(below: scenes.count, [batch])
        let clean = try scenes.latents.selecting(indices)
        let timesteps = try stratifiedTimesteps(random, count: batch)
        let added = try random.normal(clean.shape)
        let noisy = try clean * factor(signal, timesteps) + added * factor(noise, timesteps)
        let condition = try network.condition(embeddings(of: scenes, indices, random, dropping: dropping))
        let predicted = try network(noisy, timesteps: timesteps, condition).narrowed(1, from: 0, length: clean.size(1))
        return try ((predicted - added).squared() * factor(weight, timesteps)).mean()
    }

    private func embeddings(of scenes: EncodedScenes, _ indices: Tensor, _ random: Generator, dropping: Double) throws -> Tensor {
        let exact = try scenes.embeddings.selecting(indices)
        let embeddings = try exact + random.normal(exact.shape) * settings.embeddingNoise
        let isKept = try random.uniform([indices.count, 1]).isGreater(than: dropping).to(.float32)
        return try scenes.zero + (embeddings - scenes.zero) * isKept
    }

    /// One timestep out of each of `count` equal parts: every batch sees all noise levels, which steadies the gradient.
    private func stratifiedTimesteps(_ random: Generator, count: Int) throws -> Tensor {
        let places = try (Tensor.range(count) + random.uniform([count])) * (Double(signal.count) / Double(count))
        return try places.to(.int64).minimum(Tensor.full([1], Double(signal.count - 1), type: .int64))
    }

    private func factor(_ table: Tensor, _ timesteps: Tensor) throws -> Tensor { try table.selecting(timesteps).reshaped([-1, 1, 1, 1]) }
}

extension UNetConfiguration {
    /// The sizes of the demo pack.
    public static let demo = UNetConfiguration(
        channels: [64, 96, 160], layersPerBlock: 1, inputChannels: 8, outputChannels: 16, headWidth: 32, tokenWidth: 64,
        embeddingWidth: 128, sampleSize: 16)
}
