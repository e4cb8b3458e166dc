import Networks
import Tensors

/// Trains the decoding half of a finished MoVQ further, towards the least squared error, while its encoder rests: latents stay what they were, and with
/// them whatever was trained on them. Stability AI made `sd-vae-ft-mse` from Stable Diffusion's autoencoder in this way.
public final class RefinementTrainer: RecordableTrainer {
    public let name = "refinement"
    public let parameters: NamedTensors
    public let averaging: Double? = 0.999
    public let matrixRate: Double? = 12
    /// All parameters, those of the resting encoder included.
    let allParameters: NamedTensors
    let network: MoVQ
    private let bank, heldOut: SceneBank
    private let batch: Int
    private let seed: UInt64
    /// The deviation of the noise that latents are decoded with: what is drawn by diffusion is not exactly what was encoded.
    private static let latentNoise = 0.05
    /// How much the squared error weighs beside the absolute one, which keeps edges sharp.
    private static let squaredWeight = 20.0

    /// - Parameters:
    ///   - configuration: that of the trained MoVQ.
    ///   - finished: the parameters of the trained MoVQ.
    ///   - bank: the scenes that are trained on.
    ///   - heldOut: the scenes that are measured on.
    ///   - batch: the number of scenes in a step.
    ///   - seed: of every random draw.
    /// - Throws: `TrainingError.unsuitable` when one of them is missing.
    public init(
        _ configuration: MoVQConfiguration = .demo, finished: NamedTensors, bank: SceneBank, heldOut: SceneBank, batch: Int, seed: UInt64
    ) throws {
        self.bank = bank
        self.heldOut = heldOut
        self.batch = batch
        self.seed = seed
        let source = try FreshSource(seed: seed, device: .ambient)
        network = try MoVQ(configuration, Weights(source))
        let values = Dictionary(finished.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
        for (name, tensor) in source.parameters {
            guard let value = values[name], value.shape == tensor.shape else {
                throw TrainingError.unsuitable("The autoencoder to refine has no \(name) of shape \(tensor.shape).")
            }
            try tensor.assign(value)
        }
        allParameters = source.parameters
        parameters = source.parameters.filter { $0.name.hasPrefix("decoder.") || $0.name.hasPrefix("post_quant_conv.") }
    }

    public func batch(step: Int, progress: Double) throws -> [Tensor] {
        let random = try stepGenerator(seed: seed, step: step)
        let pictures = try bank.pictures(random.integers(below: bank.count, [batch]))
        let latents = try network.encode(pictures)
        return [pictures, try latents + random.normal(latents.shape) * Self.latentNoise]
    }

    public func loss(of batch: [Tensor]) throws -> Tensor {
        let difference = try network.decode(batch[1]) - batch[0]
        return try difference.magnitude().mean() + difference.squared().mean() * Self.squaredWeight
    }

    public func evaluate() throws -> [String: Double] { ["psnr": try network.fidelity(to: heldOut)] }
}
