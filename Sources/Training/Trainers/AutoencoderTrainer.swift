import Networks
import Tensors

/// Trains a MoVQ to give back its pictures, with a latent space that is smooth and whose channels are independent and of unit size.
public final class AutoencoderTrainer: RecordableTrainer {
    public struct Settings: Sendable {
        public var network: MoVQConfiguration
        /// Pictures are cut to this side at first: more scenes are seen in the same time.
        public var cropSide: Int
        /// The part of the run that trains on crops.
        public var cropPart: Double
        /// The deviation of the noise that latents are decoded with, at the beginning and at the end.
        ///
        /// Much of it makes neighbouring latents mean similar pictures; little of it lets the latents carry detail.
        public var latentNoise: (first: Double, last: Double)
        /// How much the squared error weighs beside the absolute one, at the beginning and at the end.
        ///
        /// The absolute error gives shapes their edges early; the squared one is what the peak signal-to-noise ratio measures.
        public var squaredWeight: (first: Double, last: Double)
        /// The part of the run after which noise and weight move towards their last values.
        public var settledPart: Double

        public init(
            network: MoVQConfiguration = .demo, cropSide: Int = 64, cropPart: Double = 0.8, latentNoise: (Double, Double) = (0.15, 0.05),
            squaredWeight: (Double, Double) = (2, 20), settledPart: Double = 0.5
        ) {
            self.network = network
            self.cropSide = cropSide
            self.cropPart = cropPart
            self.latentNoise = latentNoise
            self.squaredWeight = squaredWeight
            self.settledPart = settledPart
        }

        /// How far noise and weight have moved, in [0, 1].
        func refinement(_ progress: Double) -> Double { min(max((progress - settledPart) / (1 - settledPart), 0), 1) }
    }

    public let name = "autoencoder"
    public let parameters: [(name: String, tensor: Tensor)]
    public let averaging: Double? = 0.999
    /// A run of 300 steps reaches 19.4 dB with Muon and 15.0 with AdamW alone.
    public let matrixRate: Double? = 12
    public let network: MoVQ
    private let settings: Settings
    private let bank, heldOut: SceneBank
    private let batch: Int
    private let seed: UInt64
    /// `[channels, channels]`.
    private let identity: Tensor

    public init(_ settings: Settings, bank: SceneBank, heldOut: SceneBank, batch: Int, seed: UInt64) throws {
        self.settings = settings
        self.bank = bank
        self.heldOut = heldOut
        self.batch = batch
        self.seed = seed
        let source = try FreshSource(seed: seed, device: .ambient)
        network = try MoVQ(settings.network, Weights(source))
        parameters = source.parameters
        let channels = settings.network.latentChannels
        identity = try Tensor.range(channels, device: .ambient).reshaped([-1, 1]).isEqual(to: Tensor.range(channels, device: .ambient)).to(
            .float32)
        try startSpatialNormsPlain()
    }

    /// Pictures, noise for their latents, and how much the squared error weighs.
    public func batch(step: Int, progress: Double) throws -> [Tensor] {
        let random = try stepGenerator(seed: seed, step: step)
        let pictures = try pictures(random, progress: progress)
        let refinement = settings.refinement(progress)
        let network = settings.network
        let shape = [pictures.size(0), network.latentChannels] + pictures.shape.suffix(2).map { $0 / network.downscaling }
        let noise = try random.normal(shape) * between(settings.latentNoise, refinement)
        return [pictures, noise, try Tensor.full([], between(settings.squaredWeight, refinement), device: .ambient)]
    }

    /// Absolute and squared error, and a pull of the latents towards independent channels of unit size.
    public func loss(of batch: [Tensor]) throws -> Tensor {
        let (pictures, noise, squaredWeight) = (batch[0], batch[1], batch[2])
        let latents = try network.encode(pictures)
        let difference = try network.decode(latents + noise) - pictures
        return try difference.magnitude().mean() + difference.squared().mean() * squaredWeight + departureFromWhite(latents) * 0.01
    }

    private func between(_ ends: (first: Double, last: Double), _ part: Double) -> Double { ends.first + (ends.last - ends.first) * part }

    /// The mean squared difference between the second moments of the channels and those of white noise, summed along one channel.
    private func departureFromWhite(_ latents: Tensor) throws -> Tensor {
        let channels = latents.size(1)
        let rows = try latents.permuted([1, 0, 2, 3]).reshaped([channels, -1])
        let moments = try rows.matmul(rows.transposed()) * (1 / Double(rows.size(1)))
        return try (moments - identity).squared().sum() * (1 / Double(channels))
    }

    /// Crops are a quarter of a picture, so that four times as many make an equal step.
    private func pictures(_ random: Generator, progress: Double) throws -> Tensor {
        let isCropping = progress < settings.cropPart && settings.cropSide < bank.side
        let scale = bank.side / settings.cropSide
        let count = isCropping ? batch * scale * scale : batch
        let pictures = try bank.pictures(random.integers(below: bank.count, [count]))
        guard isCropping else { return pictures }
        let corner = try random.integers(below: bank.side - settings.cropSide + 1, [2]).integers()
        return try pictures.narrowed(2, from: corner[0], length: settings.cropSide)
            .narrowed(3, from: corner[1], length: settings.cropSide).channelsLast()
    }

    public func evaluate() throws -> [String: Double] { ["psnr": try network.fidelity(to: heldOut)] }

    /// A spatial norm scales by what it computes from the latent: beginning at exactly 1, it is a plain norm.
    private func startSpatialNormsPlain() throws {
        for (name, tensor) in parameters {
            if name.hasSuffix("conv_y.bias") { try tensor.assign(Tensor.ones(tensor.shape, device: .ambient)) }
            if name.hasSuffix("conv_y.weight") || name.hasSuffix("conv_b.weight") { try tensor.assign(tensor.detached() * 0.1) }
        }
    }
}

extension MoVQConfiguration {
    /// The sizes of the demo pack.
    public static let demo = MoVQConfiguration(
        channels: [32, 32, 64, 128], layersPerBlock: 1, latentChannels: 12, codebookSize: 64, attention: [false, false, false, false])
}
