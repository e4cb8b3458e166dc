import Foundation
import Networks
import Scenes
import Tensors

/// Trains CLIP's image tower so that linear readers find every factor of a scene, and where its objects stand, in the embedding.
public final class ImageTowerTrainer: Trainer {
    public struct Settings: Sendable {
        public var network: ImageTowerConfiguration
        /// The part of the target that is spread over all values: embeddings of one value gather instead of running away from the others.
        public var smoothing: Double
        /// The deviation of the noise on normalised pixels.
        public var pixelNoise: Double

        public init(network: ImageTowerConfiguration = .demo, smoothing: Double = 0.05, pixelNoise: Double = 0.05) {
            self.network = network
            self.smoothing = smoothing
            self.pixelNoise = pixelNoise
        }
    }

    public let name = "image tower"
    public let parameters: [(name: String, tensor: Tensor)]
    public let averaging: Double? = 0.998
    public let network: ImageTower
    private let readers: FactorReaders
    private let settings: Settings
    private let bank, heldOut: SceneBank
    private let labels, heldOutLabels: SceneLabels
    private let batch: Int
    private let seed: UInt64

    public init(_ settings: Settings, bank: SceneBank, heldOut: SceneBank, batch: Int, seed: UInt64) throws {
        self.settings = settings
        self.bank = bank
        self.heldOut = heldOut
        self.batch = batch
        self.seed = seed
        labels = try SceneLabels(bank)
        heldOutLabels = try SceneLabels(heldOut)
        let source = try FreshSource(seed: seed)
        network = try ImageTower(settings.network, Weights(source))
        readers = try FactorReaders(Weights(source, path: "readers"), width: settings.network.projection)
        parameters = source.parameters
        try startWithWavesAsPositions()
    }

    public func loss(step: Int, progress: Double) throws -> Tensor {
        let random = try stepGenerator(seed: seed, step: step)
        let indices = try random.integers(below: bank.count, [batch])
        let pixels = try PixelNormalisation.demo(bank.bytes(indices))
        let embedding = try network(pixels + random.normal(pixels.shape) * settings.pixelNoise)
        let size = try (embedding.squared().mean() - 1).squared()
        return try readers.loss(embedding, labels, indices, smoothing: settings.smoothing) + size * 0.1
    }

    /// How many held-out scenes are read right, factor by factor, and the error of the placement.
    public func evaluate() throws -> [String: Double] {
        let embeddings = try network.embeddings(of: heldOut)
        var figures = try readers.accuracy(embeddings, heldOutLabels)
        figures["deviation"] = try embeddings.squared().mean().squareRoot().item()
        return figures
    }

    /// The tower alone, its projection scaled so that the embeddings of held-out scenes have deviation 1.
    func towerOfUnitDeviation() throws -> NamedTensors {
        let embeddings = try network.embeddings(of: heldOut)
        let deviation = try (embeddings - embeddings.mean([0], keep: true)).squared().mean().squareRoot().item()
        return try parameters.filter { !$0.name.hasPrefix("readers.") }.map { name, tensor in
            (name, name == "visual_projection.weight" ? try tensor * (1 / deviation) : tensor)
        }
    }

    /// Sine waves of the patch's row and column, as a transformer that has seen few pictures learns fastest with.
    private func startWithWavesAsPositions() throws {
        guard let positions = parameters.first(where: { $0.name.hasSuffix("position_embedding.weight") })?.tensor else { return }
        let width = settings.network.width
        let side = settings.network.imageSize / settings.network.patchSize
        var values = [Float](repeating: 0, count: positions.count)
        for patch in 0..<side * side {
            let place = [Double(patch % side), Double(patch / side)]
            for channel in 0..<width {
                let half = channel % (width / 2)
                let frequency = pow(Double(side), -Double(half / 2) / Double(width / 4)) * .pi / 2
                let angle = place[min(channel / (width / 2), 1)] * frequency
                values[(patch + 1) * width + channel] = Float(0.3 * (half % 2 == 0 ? sin(angle) : cos(angle)))
            }
        }
        try positions.assign(Tensor(values, shape: positions.shape))
    }
}

extension ImageTowerConfiguration {
    /// The sizes of the demo pack.
    public static let demo = ImageTowerConfiguration(
        imageSize: 128, patchSize: 16, width: 128, hidden: 512, layers: 4, heads: 4, projection: 128)
}

extension PixelNormalisation {
    /// CLIP's own numbers, for pictures that already have the tower's size.
    public static let demo = PixelNormalisation(
        side: 128, mean: [0.48145466, 0.4578275, 0.40821073], deviation: [0.26862954, 0.26130258, 0.27577711])
}

extension ImageTower {
    /// The embeddings `[count, width]` of all pictures of a bank.
    func embeddings(of bank: SceneBank) throws -> Tensor {
        let parts = try bank.batches(of: 64).map { try self(PixelNormalisation.demo(bank.bytes($0))) }
        return try Tensor.concatenated(parts, dimension: 0)
    }
}
