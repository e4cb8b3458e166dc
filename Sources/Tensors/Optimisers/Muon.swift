/// The Muon optimiser (Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024), over hidden matrices and kernels: each
/// moves by its momentum made orthogonal, so that rare directions learn as fast as common ones.
///
/// Steps are as large as AdamW's (Liu et al., "Muon is scalable for LLM training", 2025), so both share a learning rate.
public final class Muon {
    /// Each of two dimensions or more, which are folded to `[outputs, everything else]`.
    public let parameters: [Tensor]
    /// The running means of the gradients, in the order of the parameters.
    public let momenta: [Tensor]
    public var momentum = 0.95

    public init(_ parameters: [Tensor]) throws {
        self.parameters = parameters
        momenta = try parameters.map { try Tensor.zeros(like: $0) }
    }

    /// Whether a parameter is a matrix large enough to have directions: not a bias, nor a kernel between few channels.
    public static func suits(_ parameter: Tensor) -> Bool {
        let rows = parameter.shape.first ?? 0
        return parameter.shape.count >= 2 && rows >= 32 && parameter.count / rows >= 32
    }

    /// Moves every parameter that has a gradient, then clears the gradients.
    public func update(learningRate: Double) throws {
        try Tensor.withoutGradients {
            for (parameter, mean) in zip(parameters, momenta) {
                guard let gradient = try parameter.gradient else { continue }
                try mean.assign(mean * momentum + gradient * (1 - momentum))
                let ahead = try gradient * (1 - momentum) + mean * momentum
                let matrix = try ahead.reshaped([parameter.size(0), -1])
                let reach = 0.2 * Double(max(matrix.size(0), matrix.size(1))).squareRoot()
                let change = try Self.orthogonal(matrix).reshaped(parameter.shape)
                try parameter.assign(parameter - change * (learningRate * reach))
                try parameter.clearGradient()
            }
        }
    }

    /// The matrix with all its singular values brought close to 1, by five Newton–Schulz iterations.
    ///
    /// Each iteration multiplies by a polynomial of X·Xᵀ; they are gathered on that small square matrix, and X itself is multiplied once.
    static func orthogonal(_ matrix: Tensor) throws -> Tensor {
        guard matrix.size(0) <= matrix.size(1) else { return try orthogonal(matrix.transposed()).transposed() }
        let rows = try matrix / (matrix.norm() + 1e-7)
        let identity = try Tensor.identity(matrix.size(0), device: matrix.device)
        var square = try rows.matmul(rows.transposed())
        var product = identity
        for _ in 0..<5 {
            let factor = try identity * 3.4445 - square * 4.7750 + square.matmul(square) * 2.0315
            product = try factor.matmul(product)
            square = try factor.matmul(square).matmul(factor)
        }
        return try product.matmul(rows)
    }
}
