import Foundation
import Networks
import Scenes
import Tensors

/// Trains CLIP's two towers: captions and pictures find each other (Radford et al., "Learning Transferable Visual Models From Natural
/// Language Supervision", 2021), and linear readers find every factor of a scene, and where its objects stand, in the picture's embedding.
public final class ClipTrainer: Trainer {
    public struct Settings: Sendable {
        public var image: ImageTowerConfiguration
        public var text: TextTowerConfiguration
        /// The part of the readers' target that is spread over all values: embeddings of one value gather instead of running away from the
        /// others.
        public var smoothing: Double
        /// The deviation of the noise on normalised pixels.
        public var pixelNoise: Double
        /// How much finding each other counts beside being read.
        public var contrast: Double

        public init(
            image: ImageTowerConfiguration = .demo, text: TextTowerConfiguration = .demo, smoothing: Double = 0.05,
            pixelNoise: Double = 0.05, contrast: Double = 0.1
        ) {
            self.image = image
            self.text = text
            self.smoothing = smoothing
            self.pixelNoise = pixelNoise
            self.contrast = contrast
        }
    }

    public let name = "clip"
    public let parameters: [(name: String, tensor: Tensor)]
    public let averaging: Double? = 0.999
    public let imageTower: ImageTower
    public let textTower: TextTower
    private let logitScale: Tensor
    private let readers: FactorReaders
    private let captions: CaptionTokens
    private let settings: Settings
    private let bank, heldOut: SceneBank
    private let labels, heldOutLabels: SceneLabels
    private let batch: Int
    private let seed: UInt64

    /// Where the parameters of each tower are, among all that is trained.
    static let imagePath = "image"
    static let textPath = "text"

    public init(_ settings: Settings, tokenizer: Tokenizer, bank: SceneBank, heldOut: SceneBank, batch: Int, seed: UInt64) throws {
        self.settings = settings
        self.bank = bank
        self.heldOut = heldOut
        self.batch = batch
        self.seed = seed
        captions = CaptionTokens(tokenizer)
        labels = try SceneLabels(bank)
        heldOutLabels = try SceneLabels(heldOut)
        let source = try FreshSource(seed: seed, device: .ambient)
        imageTower = try ImageTower(settings.image, Weights(source, path: Self.imagePath))
        textTower = try TextTower(settings.text, Weights(source, path: Self.textPath))
        readers = try FactorReaders(Weights(source, path: "readers"), width: settings.image.projection)
        logitScale = try Weights(source).parameter("logit_scale", [1], initially: .constant(log(1 / 0.07)))
        parameters = source.parameters
        try startWithWavesAsPositions()
    }

    public func loss(step: Int, progress: Double) throws -> Tensor {
        let random = try stepGenerator(seed: seed, step: step)
        let indices = try random.integers(below: bank.count, [batch])
        let pixels = try PixelNormalisation.demo(bank.bytes(indices))
        let embedding = try imageTower(pixels + random.normal(pixels.shape) * settings.pixelNoise)
        let texts = try captions(indices.integers().map { bank.scenes[$0] }, seed: seed, from: step * batch)
        let size = try (embedding.squared().mean() - 1).squared()
        return try readers.loss(embedding, labels, indices, smoothing: settings.smoothing) + size * 0.1
            + contrast(embedding, textTower(texts).embedding) * settings.contrast
    }

    /// The mean cross entropy of finding the caption of each picture in the batch, and the picture of each caption.
    private func contrast(_ pictures: Tensor, _ texts: Tensor) throws -> Tensor {
        let scale = try logitScale.minimum(Tensor.full([1], log(100), device: .ambient)).exp()
        let logits = try pictures.unit().matmul(texts.unit().transposed()) * scale
        let targets = try Tensor.range(pictures.size(0), type: .int64, device: .ambient)
        return try (logits.crossEntropy(targets) + logits.transposed().crossEntropy(targets)) * 0.5
    }

    /// How many held-out scenes are read right, factor by factor, the error of the placement, and how many captions find their picture
    /// among all of them.
    public func evaluate() throws -> [String: Double] {
        let embeddings = try imageTower.embeddings(of: heldOut)
        var figures = try readers.accuracy(embeddings, heldOutLabels)
        figures["deviation"] = try embeddings.squared().mean().squareRoot().item()
        let texts = try textTower(captions(heldOut.scenes, seed: SceneBank.heldOutSeed, from: 0)).embedding
        let found = try texts.unit().matmul(embeddings.unit().transposed()).argmax(1)
        figures["retrieval"] = try found.isEqual(to: Tensor.range(heldOut.count, type: .int64, device: .ambient)).to(.float32).mean().item()
        return figures
    }

    /// Both towers, their projections scaled so that the embeddings of held-out pictures have deviation 1.
    func towersOfUnitDeviation() throws -> NamedTensors {
        let embeddings = try imageTower.embeddings(of: heldOut)
        let deviation = try (embeddings - embeddings.mean([0], keep: true)).squared().mean().squareRoot().item()
        let towers = [Self.imagePath, Self.textPath].map { $0 + "." }
        return try parameters.filter { name, _ in towers.contains(where: name.hasPrefix) }.map { name, tensor in
            (name, name.hasSuffix("_projection.weight") ? try tensor * (1 / deviation) : tensor)
        }
    }

    /// Sine waves of the patch's row and column, as a transformer that has seen few pictures learns fastest with.
    private func startWithWavesAsPositions() throws {
        let name = Self.imagePath + ".vision_model.embeddings.position_embedding.weight"
        guard let positions = parameters.first(where: { $0.name == name })?.tensor else { return }
        let width = settings.image.width
        let side = settings.image.imageSize / settings.image.patchSize
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
        try positions.assign(Tensor(values, shape: positions.shape, device: .ambient))
    }
}

extension ImageTowerConfiguration {
    /// The sizes of the demo pack.
    public static let demo = ImageTowerConfiguration(
        imageSize: 128, patchSize: 16, width: 160, hidden: 640, layers: 5, heads: 5, projection: 128)
}

extension PixelNormalisation {
    /// CLIP's own numbers, for pictures that already have the tower's size.
    public static let demo = PixelNormalisation(
        side: 128, mean: [0.48145466, 0.4578275, 0.40821073], deviation: [0.26862954, 0.26130258, 0.27577711])
}

extension ImageTower {
    /// The embeddings `[count, width]` of all pictures of a bank.
    func embeddings(of bank: SceneBank) throws -> Tensor {
        let parts = try bank.batches(of: Device.ambient.examples(64)).map { try self(PixelNormalisation.demo(bank.bytes($0))) }
        return try Tensor.concatenated(parts, dimension: 0)
    }
}

extension Tensor {
    /// The rows `[count, width]` at length 1.
    func unit() throws -> Tensor { try self / norm([1], keep: true) }
}
