import CTorch

/// The AdamW optimiser (Loshchilov & Hutter, "Decoupled Weight Decay Regularization", 2019) over a list of parameters.
public final class AdamW {
    public let parameters: [Tensor]
    /// The running means of the gradients and of their squares, in the order of the parameters.
    public let firstMoments, secondMoments: [Tensor]
    public var step: Int
    public var beta1 = 0.9
    public var beta2 = 0.99
    public var weightDecay: Double
    public var epsilon = 1e-8

    public init(_ parameters: [Tensor], weightDecay: Double = 0) throws {
        self.parameters = parameters
        self.weightDecay = weightDecay
        firstMoments = try parameters.map { try Tensor.zeros(like: $0) }
        secondMoments = try parameters.map { try Tensor.zeros(like: $0) }
        step = 0
    }

    /// Moves every parameter along its gradient, then clears the gradients.
    public func update(learningRate: Double) throws {
        step += 1
        let settings = CTAdamW(
            learning_rate: learningRate, beta1: beta1, beta2: beta2, weight_decay: weightDecay, epsilon: epsilon, step: Int64(step))
        try parameters.withHandles { values in
            try firstMoments.withHandles { first in
                try secondMoments.withHandles { second in
                    try check(ct_adamw(values, first, second, Int32(values.count), settings))
                }
            }
        }
        for parameter in parameters { try parameter.clearGradient() }
    }
}

/// Moves each target towards its source by the fraction `weight`, in place: one step of an exponential moving average.
public func moveTowards(_ targets: [Tensor], _ sources: [Tensor], weight: Double) throws {
    try targets.withHandles { targets in
        try sources.withHandles { sources in
            try check(ct_move_towards(targets, sources, Int32(targets.count), weight))
        }
    }
}
