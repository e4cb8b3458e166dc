import CTorch

/// The AdamW optimiser (Loshchilov & Hutter, "Decoupled Weight Decay Regularization", 2019) over a list of parameters.
public final class AdamW {
    public let flat: FlatParameters
    /// The running means of the gradients and of their squares, in the order of the parameters.
    public let firstMoments, secondMoments: [Tensor]
    /// The number of updates that `update(learningRate:)` has done.
    public private(set) var step = 0
    public var beta1 = 0.9
    public var beta2 = 0.99
    public var weightDecay: Double
    public var epsilon = 1e-8
    private let first, second: Tensor

    public convenience init(_ parameters: [Tensor], weightDecay: Double = 0) throws {
        try self.init(FlatParameters(parameters), weightDecay: weightDecay)
    }

    public init(_ flat: FlatParameters, weightDecay: Double = 0) throws {
        self.flat = flat
        self.weightDecay = weightDecay
        first = try Tensor.zeros(like: flat.values)
        second = try Tensor.zeros(like: flat.values)
        firstMoments = try flat.views(of: first)
        secondMoments = try flat.views(of: second)
    }

    /// Moves every parameter along its gradient, then clears the gradients.
    public func update(learningRate: Double) throws {
        step += 1
        let device = flat.values.device
        try update(
            learningRate: Tensor.full([], learningRate, device: device), step: Tensor.full([], Double(step), device: device),
            gradient: flat.gradient())
        try flat.clearGradients()
    }

    /// Moves every parameter along `gradient`, `[count]` in the order of `flat`; none of the numbers that it takes is read back from the device.
    /// - Parameters:
    ///   - learningRate: how far a step goes, one number.
    ///   - step: which update this is, from 1, one number.
    ///   - gradient: the gradient of all parameters.
    ///   - isSkipped: one number; where it is 1, no number changes.
    public func update(learningRate: Tensor, step: Tensor, gradient: Tensor, unless isSkipped: Tensor? = nil) throws {
        let settings = CTAdamW(beta1: beta1, beta2: beta2, weight_decay: weightDecay, epsilon: epsilon)
        try check(
            ct_adamw(
                flat.values.handle, gradient.handle, first.handle, second.handle, learningRate.handle, step.handle, isSkipped?.handle,
                settings))
    }
}
