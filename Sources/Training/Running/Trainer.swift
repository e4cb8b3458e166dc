import Randomness
import Tensors

/// Something that learns by steps: its parameters, the loss of one batch, and how good it is on held-out examples.
public protocol Trainer: AnyObject {
    /// What is trained, for messages and checkpoints.
    var name: String { get }
    /// Everything that is trained, with unique names.
    var parameters: [(name: String, tensor: Tensor)] { get }
    /// What changes from step to step without being trained, and belongs to a checkpoint.
    var buffers: [(name: String, tensor: Tensor)] { get }
    /// How slowly the averaged parameters follow, 0…1; nil when no average is kept.
    var averaging: Double? { get }
    /// How many times as fast as everything else the hidden matrices learn, by Muon; nil when AdamW trains them too.
    var matrixRate: Double? { get }

    /// The loss of the batch that belongs to `step`, ready to be differentiated: a pure function of the step, the seed, the parameters and the
    /// buffers.
    /// - Parameters:
    ///   - step: the number of the step, from 0.
    ///   - progress: the part of the run that is done, 0…1.
    func loss(step: Int, progress: Double) throws -> Tensor

    /// Figures on held-out examples, by name; called without recording gradients, with the averaged parameters in place.
    func evaluate() throws -> [String: Double]

    /// What must happen between steps besides the update of the parameters.
    func finishStep(_ step: Int) throws
}

extension Trainer {
    public var buffers: [(name: String, tensor: Tensor)] { [] }
    public var averaging: Double? { nil }
    public var matrixRate: Double? { nil }
    public func finishStep(_ step: Int) throws {}
}

/// A trainer whose loss is always computed by the same operations from a few tensors, so that a CUDA device can record a whole step.
public protocol RecordableTrainer: Trainer {
    /// What the loss of `step` is computed from, on the device of the parameters: a pure function of the step and the seed.
    func batch(step: Int, progress: Double) throws -> [Tensor]

    /// The loss of a batch. It must not ask the device for a number, nor bring tensors from the host.
    func loss(of batch: [Tensor]) throws -> Tensor
}

extension RecordableTrainer {
    public func loss(step: Int, progress: Double) throws -> Tensor { try loss(of: batch(step: step, progress: progress)) }
}

/// A generator of random numbers for one step of one series, so that a resumed run draws what an uninterrupted one would have.
func stepGenerator(seed: UInt64, step: Int) throws -> Generator {
    try Generator(seed: SplitMix64.mixed(seed &* SplitMix64.step &+ UInt64(truncatingIfNeeded: step)), device: .ambient)
}
