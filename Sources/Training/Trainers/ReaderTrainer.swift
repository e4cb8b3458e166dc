import Networks
import Tensors

/// Trains the factor reader on drawn pictures alone: it sees nothing that a network of the pack makes.
public final class ReaderTrainer: RecordableTrainer {
    public let name = "factor reader"
    public let parameters: NamedTensors
    public let averaging: Double? = 0.998
    public let matrixRate: Double? = 12
    /// The deviation of the noise on pixels.
    private let pixelNoise = 0.05
    private let network: PictureReader
    private let bank, heldOut: SceneBank
    private let labels, heldOutLabels: SceneLabels
    private let batch: Int
    private let seed: UInt64

    public init(bank: SceneBank, heldOut: SceneBank, batch: Int, seed: UInt64) throws {
        self.bank = bank
        self.heldOut = heldOut
        self.batch = batch
        self.seed = seed
        labels = try SceneLabels(bank)
        heldOutLabels = try SceneLabels(heldOut)
        let source = try FreshSource(seed: seed, device: .ambient)
        network = try PictureReader(Weights(source), side: bank.side)
        parameters = source.parameters
    }

    public func batch(step: Int, progress: Double) throws -> [Tensor] {
        let random = try stepGenerator(seed: seed, step: step)
        let indices = try random.integers(below: bank.count, [batch])
        let pictures = try bank.pictures(indices)
        return [try pictures + random.normal(pictures.shape) * pixelNoise, indices]
    }

    public func loss(of batch: [Tensor]) throws -> Tensor {
        try network.readers.loss(network(batch[0]), labels, batch[1], smoothing: 0.02)
    }

    /// How many held-out scenes are read right, factor by factor, and the error of the placement.
    public func evaluate() throws -> [String: Double] {
        let seen = try heldOut.batches(of: 32).map { try network(heldOut.pictures($0)) }
        return try network.readers.accuracy(Tensor.concatenated(seen, dimension: 0), heldOutLabels)
    }
}
