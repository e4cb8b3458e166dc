import CTorch

/// The AdamW optimiser (Loshchilov & Hutter, "Decoupled Weight Decay Regularization", 2019) over a list of parameters.
public final class AdamW {
    public let flat: FlatParameters
    /// The running means of the gradients and of their squares, in the order of the parameters.
    public let firstMoments, secondMoments: [Tensor]
    public var step: Int
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
        step = 0
    }

    /// Moves every parameter along its gradient, then clears the gradients.
    public func update(learningRate: Double) throws {
        try update(learningRate: learningRate, gradient: flat.gradient())
        try flat.clearGradients()
    }

    /// Moves every parameter along `gradient`, `[count]` in the order of `flat`.
    /// - Parameters:
    ///   - isSkipped: one number; where it is 1, no number changes. It is not read back from the device.
    ///   - learningRate: how far a step goes.
    ///   - gradient: the gradient of all parameters.
    public func update(learningRate: Double, gradient: Tensor, unless isSkipped: Tensor? = nil) throws {
        step += 1
        let settings = CTAdamW(
            learning_rate: learningRate, beta1: beta1, beta2: beta2, weight_decay: weightDecay, epsilon: epsilon, step: Int64(step))
        try check(ct_adamw(flat.values.handle, gradient.handle, first.handle, second.handle, isSkipped?.handle, settings))
    }
}
