import Tensors

@testable import Training

/// The smallest thing that can be trained: a line through noisy points, with knobs for what can go wrong.
final class LineTrainer: Trainer {
    struct Interruption: Error {}

    let name: String
    let parameters: [(name: String, tensor: Tensor)]
    let averaging: Double? = 0.9
    /// The step at which the loss stops being a number.
    var divergesAt: Int?
    /// The step before which the program is killed.
    var isKilledAt: Int?
    private let seed: UInt64

    init(name: String = "line", width: Int = 3, seed: UInt64 = 5) throws {
        self.name = name
        self.seed = seed
        let random = try Generator(seed: seed)
        parameters = [("weight", try random.normal([1, width])), ("bias", try Tensor.zeros([1]))]
        for parameter in parameters { try parameter.tensor.requireGradient() }
    }

    func loss(step: Int, progress: Double) throws -> Tensor {
        if step == isKilledAt { throw Interruption() }
        let x = try stepGenerator(seed: seed, step: step).normal([8, parameters[0].tensor.size(1)])
        let target = try x.sum([1], keep: true) + 1
        let loss = try (x.linear(parameters[0].tensor, parameters[1].tensor) - target).squared().mean()
        return step == divergesAt ? try loss * .nan : loss
    }

    func evaluate() throws -> [String: Double] { ["weight": try parameters[0].tensor.mean().item()] }

    /// All parameters, one after another.
    func values() throws -> [Float] { try parameters.flatMap { try $0.tensor.floats() } }
}
