import Diffusion
import Networks
import Tensors

/// Trains the U-Net to predict the noise in latents, given the embedding of their picture (Ho et al., "Denoising Diffusion Probabilistic Models", 2020).
public final class DecoderTrainer: RecordableTrainer {
    public struct Settings: Sendable {
        public var network: UNetConfiguration
        public var schedule: NoiseSchedule
        /// How often the embedding is replaced by that of no picture, for guidance.
        public var dropping: Double
        /// The deviation of the noise on embeddings, so that edited ones, which no picture has, are drawn well too.
        public var embeddingNoise: Double
        /// The error of the predicted picture weighs as much as the signal-to-noise ratio, within these bounds.
        ///
        /// The upper one keeps nearly clean latents from taking all attention (Hang et al., "Efficient Diffusion Training via Min-SNR
        /// Weighting", 2023). The lower one keeps latents of almost pure noise from being forgotten: there it is decided what is drawn.
        public var ratios: ClosedRange<Double>
        /// How much of the loss is what pixels notice; the rest counts all directions of a latent cell alike.
        public var attention: Double
        /// How much more a latent cell weighs that objects fill than one that they leave free, on average over all scenes.
        ///
        /// A few percent of the cells carry subject, style and count. The objects of every scene weigh the same together, so that small
        /// ones are learnt as well as large ones.
        public var objectWeight: Double
        /// How often one feature of an embedding is raised beyond what its picture has, to as much as three times: sliders go further than pictures do,
        /// and the picture is to stay.
        public var raising: Double

        public init(
            network: UNetConfiguration = .demo, schedule: NoiseSchedule = NoiseSchedule(clipRange: nil), dropping: Double = 0.1,
            embeddingNoise: Double = 0.05, ratios: ClosedRange<Double> = 1...5, attention: Double = 0.9, objectWeight: Double = 4,
            raising: Double = 0.3
        ) {
            self.network = network
            self.schedule = schedule
            self.dropping = dropping
            self.embeddingNoise = embeddingNoise
            self.ratios = ratios
            self.attention = attention
            self.objectWeight = objectWeight
            self.raising = raising
        }
    }

    public let name = "decoder"
    public let parameters: [(name: String, tensor: Tensor)]
    public let averaging: Double? = 0.999
    public let matrixRate: Double? = 12
    public let network: UNet
    private let settings: Settings
    private let scenes, heldOut: EncodedScenes
    private let features: SparseAutoencoder?
    private let batch: Int
    private let seed: UInt64
    /// √ᾱ, √(1 − ᾱ) and the weight of the loss, `[timesteps]`.
    private let signal, noise, weight: Tensor
    /// How much an error along each direction of a latent cell matters, `[1, channels, channels]`.
    private let metric: Tensor
    /// How much each latent cell of each scene weighs, 1 on average: `[count, cells]`.
    private let cellWeights: Tensor

    /// - Parameters:
    ///   - settings: the network and its loss.
    ///   - scenes: what is trained on.
    ///   - heldOut: what is measured on.
    ///   - sensitivity: how strongly pixels answer to each direction of a latent cell, `[channels, channels]`. Whitened latents
    ///     have directions that pixels hardly notice, which would take as much attention as the others.
    ///   - features: those that are raised; nil where there are none yet.
    ///   - batch: the number of scenes in a step.
    ///   - seed: of every random draw.
    public init(
        _ settings: Settings, scenes: EncodedScenes, heldOut: EncodedScenes, sensitivity: Tensor, features: SparseAutoencoder? = nil,
        batch: Int,
        seed: UInt64
    ) throws {
        self.settings = settings
        self.scenes = scenes
        self.heldOut = heldOut
        self.features = features
        self.batch = batch
        self.seed = seed
        let source = try FreshSource(seed: seed, device: .ambient)
        network = try UNet(settings.network, Weights(source))
        parameters = source.parameters
        let left = settings.schedule.alphasCumprod
        let shape = [left.count]
        signal = try Tensor(left.map { Float($0.squareRoot()) }, shape: shape, device: .ambient)
        noise = try Tensor(left.map { Float((1 - $0).squareRoot()) }, shape: shape, device: .ambient)
        let alike = try Tensor.identity(sensitivity.size(0), device: .ambient) * (1 - settings.attention)
        metric = try (sensitivity * settings.attention + alike).reshaped([1] + sensitivity.shape)
        weight = try Tensor(left.map { Self.weight(ofRatio: $0 / (1 - $0), settings.ratios) }, shape: shape, device: .ambient)
        cellWeights = try Self.cellWeights(scenes.coverage, objectWeight: settings.objectWeight)
    }

    /// Begins with the weights of another decoder.
    /// - Throws: `TrainingError` when a parameter is missing or has another shape.
    public func start(with file: SafetensorsFile) throws {
        for (name, tensor) in parameters {
            guard let entry = file.entry(name) else { throw TrainingError.missingParameter(file: file.url.path, name: name) }
            guard entry.shape == tensor.shape else {
                throw TrainingError.misshapenParameter(file: file.url.path, name: name, found: entry.shape, expected: tensor.shape)
            }
            try Tensor.withoutGradients { try tensor.assign(file.tensor(name).to(tensor.dataType, device: tensor.device)) }
        }
    }

    /// - Parameter coverage: the part of each cell that objects cover, `[count, cells]`.
    static func cellWeights(_ coverage: Tensor, objectWeight: Double) throws -> Tensor {
        let own = try coverage.mean([1], keep: true)
        let typical = try own.mean().item()
        // Where next to nothing is covered, that does not come to weigh without bound.
        let evened = try coverage * typical / own.maximum(Tensor.full([1], typical / 8 + 1e-6, device: .ambient))
        let weights = try evened * objectWeight + 1
        return try weights / weights.mean()
    }

    public func batch(step: Int, progress: Double) throws -> [Tensor] {
        let (examples, indices) = try examples(
            of: scenes, stepGenerator(seed: seed, step: step), count: batch, dropping: settings.dropping, raising: settings.raising)
        return try examples.tensors + [cellWeights.selecting(indices)]
    }

    public func loss(of batch: [Tensor]) throws -> Tensor { try (errors(of: Examples(tensors: batch)) * batch[batch.count - 1]).mean() }

    /// The loss on held-out scenes, all cells counting alike, and that of the cells that objects cover; with the same noise each time.
    public func evaluate() throws -> [String: Double] {
        var (total, onObjects, covered) = (0.0, 0.0, 0.0)
        let batches = 8
        for index in 0..<batches {
            let (examples, indices) = try examples(of: heldOut, stepGenerator(seed: 0, step: index), count: 32, dropping: 0, raising: 0)
            let (errors, coverage) = try (errors(of: examples), heldOut.coverage.selecting(indices))
            total += try errors.mean().item()
            onObjects += try (errors * coverage).sum().item()
            covered += try coverage.sum().item()
        }
        return ["loss": total / Double(batches), "objects": onObjects / max(covered, 1e-12)]
    }

    /// Scenes with noise added: what the network sees of them, and what it is to predict.
    private struct Examples {
        /// `[batch, channels, height, width]`.
        let noisy, added: Tensor
        /// `[batch]`, and how much the loss at each weighs, `[batch, 1]`.
        let timesteps, weights: Tensor
        /// `[batch, width]`.
        let embeddings: Tensor

        var tensors: [Tensor] { [noisy, added, timesteps, weights, embeddings] }

        init(noisy: Tensor, added: Tensor, timesteps: Tensor, weights: Tensor, embeddings: Tensor) {
            (self.noisy, self.added, self.timesteps, self.weights, self.embeddings) = (noisy, added, timesteps, weights, embeddings)
        }

        /// - Parameter tensors: begins with those that `tensors` has.
        init(tensors: [Tensor]) {
            self.init(noisy: tensors[0], added: tensors[1], timesteps: tensors[2], weights: tensors[3], embeddings: tensors[4])
        }
    }

    /// Draws scenes, timesteps and noise; and says which scenes, `[count]`.
    private func examples(
        of scenes: EncodedScenes, _ random: Generator, count: Int, dropping: Double, raising: Double
    ) throws -> (examples: Examples, indices: Tensor) {
        let indices = try random.integers(below: scenes.count, [count])
        let clean = try scenes.latents.selecting(indices)
        let timesteps = try stratifiedTimesteps(random, count: count)
        let added = try random.normal(clean.shape)
        let examples = Examples(
            noisy: try clean * factor(signal, timesteps) + added * factor(noise, timesteps), added: added, timesteps: timesteps,
            weights: try weight.selecting(timesteps).reshaped([-1, 1]),
            embeddings: try embeddings(of: scenes, indices, random, dropping: dropping, raising: raising))
        return (examples, indices)
    }

    /// How wrong the noise is that the network predicts, for each latent cell: `[batch, cells]`.
    private func errors(of examples: Examples) throws -> Tensor {
        let (count, channels) = (examples.added.size(0), examples.added.size(1))
        let predicted = try network(examples.noisy, timesteps: examples.timesteps, network.condition(examples.embeddings))
            .narrowed(1, from: 0, length: channels)
        let error = try (predicted - examples.added).reshaped([count, channels, -1])
        return try (metric.matmul(error) * error).mean([1]) * examples.weights
    }

    private func embeddings(
        of scenes: EncodedScenes, _ indices: Tensor, _ random: Generator, dropping: Double, raising: Double
    ) throws -> Tensor {
        let exact = try scenes.embeddings.selecting(indices)
        var embeddings = try exact + random.normal(exact.shape) * settings.embeddingNoise
        if let features { embeddings = try embeddings + Self.raises(features, of: exact, random, often: raising) }
        let isKept = try random.uniform([indices.count, 1]).isGreater(than: dropping).to(.float32)
        return try scenes.zero + (embeddings - scenes.zero) * isKept
    }

    /// What some of the embeddings `[count, width]` are moved by: one active feature of each, by up to twice its activation.
    static func raises(_ features: SparseAutoencoder, of embeddings: Tensor, _ random: Generator, often: Double) throws -> Tensor {
        let activations = try features.encode(embeddings)
        let lots = try random.uniform(activations.shape) * activations.isGreater(than: 0).to(.float32)
        let isDrawn = try lots.isAtLeast(lots.largest([1], keep: true)).to(.float32)
        let isRaised = try random.uniform([embeddings.size(0), 1]).isGreater(than: 1 - often).to(.float32)
        let amounts = try activations * isDrawn * isRaised * random.uniform([embeddings.size(0), 1]) * 2
        return try amounts.matmul(features.directions)
    }

    /// One timestep out of each of `count` equal parts: every batch sees all noise levels, which steadies the gradient.
    private func stratifiedTimesteps(_ random: Generator, count: Int) throws -> Tensor {
        let places = try (Tensor.range(count, device: .ambient) + random.uniform([count])) * (Double(signal.count) / Double(count))
        return try places.to(.int64).minimum(Tensor.full([1], Double(signal.count - 1), type: .int64, device: .ambient))
    }

    /// The weight of the error of the noise, whose square is that of the predicted picture times the ratio.
    private static func weight(ofRatio ratio: Double, _ bounds: ClosedRange<Double>) -> Float {
        Float(min(max(ratio, bounds.lowerBound), bounds.upperBound) / ratio)
    }

    private func factor(_ table: Tensor, _ timesteps: Tensor) throws -> Tensor { try table.selecting(timesteps).reshaped([-1, 1, 1, 1]) }
}

extension UNetConfiguration {
    /// The sizes of the demo pack.
    public static let demo = UNetConfiguration(
        channels: [64, 96, 160], layersPerBlock: 1, inputChannels: 12, outputChannels: 24, headWidth: 32, tokenWidth: 64,
        embeddingWidth: 128, sampleSize: 16)
}
