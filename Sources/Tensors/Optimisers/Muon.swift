/// The Muon optimiser (Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024), over hidden matrices and kernels: each
/// moves by its momentum made orthogonal, so that rare directions learn as fast as common ones.
///
/// Steps are as large as AdamW's (Liu et al., "Muon is scalable for LLM training", 2025), so both share a learning rate.
public final class Muon {
    /// Each of two dimensions or more, which are folded to `[outputs, everything else]`. Those of one shape are treated together where they
    /// stand next to each other.
    public let flat: FlatParameters
    /// The running means of the gradients, in the order of the parameters.
    public let momenta: [Tensor]
    public var momentum = 0.95
    private let means: Tensor
    private let stacks: [Stack]

    /// Matrices of one shape, next to each other.
    private struct Stack {
        /// Of each matrix, folded.
        let rows, columns: Int
        /// Where the numbers lie among all.
        var numbers: Range<Int>

        var shape: [Int] { [numbers.count / (rows * columns), rows, columns] }
        /// The side of the square matrix on which the iterations are done.
        var side: Int { min(rows, columns) }
    }

    public convenience init(_ parameters: [Tensor]) throws { try self.init(FlatParameters(parameters)) }

    public init(_ flat: FlatParameters) throws {
        self.flat = flat
        means = try Tensor.zeros(like: flat.values)
        momenta = try flat.views(of: means)
        stacks = flat.parameters.reduce(into: []) { stacks, parameter in
            let (rows, start) = (parameter.size(0), stacks.last?.numbers.upperBound ?? 0)
            let columns = parameter.count / rows
            if let last = stacks.last, last.rows == rows, last.columns == columns {
                stacks[stacks.count - 1].numbers = last.numbers.lowerBound..<start + parameter.count
            } else {
                stacks.append(Stack(rows: rows, columns: columns, numbers: start..<start + parameter.count))
            }
        }
    }

    /// Whether a parameter is a matrix large enough to have directions: not a bias, nor a kernel between few channels.
    public static func suits(_ parameter: Tensor) -> Bool {
        let rows = parameter.shape.first ?? 0
        return parameter.shape.count >= 2 && rows >= 32 && parameter.count / rows >= 32
    }

    /// Moves every parameter along its gradient, then clears the gradients.
    public func update(learningRate: Double) throws {
        try update(learningRate: Tensor.full([], learningRate, device: flat.values.device), gradient: flat.gradient())
        try flat.clearGradients()
    }

    /// Moves every parameter along `gradient`, `[count]` in the order of `flat`; none of the numbers that it takes is read back from the device.
    /// - Parameters:
    ///   - learningRate: how far a step goes, one number.
    ///   - gradient: the gradient of all parameters.
    ///   - isSkipped: one number; where it is 1, no number changes.
    public func update(learningRate: Tensor, gradient: Tensor, unless isSkipped: Tensor? = nil) throws {
        try Tensor.withoutGradients {
            let gradient = try isSkipped?.choosing(means, else: gradient) ?? gradient
            try means.move(towards: gradient, by: 1 - momentum)
            let ahead = try gradient * (1 - momentum) + means * momentum
            let changes = try changes(along: ahead) * learningRate
            try flat.values.assign(flat.values - (isSkipped.map { try $0.choosing(Tensor.zeros(like: changes), else: changes) } ?? changes))
        }
    }

    /// The orthogonal matrices closest to those of `flat`, each as large as a step of AdamW would be, in the same order.
    private func changes(along flat: Tensor) throws -> Tensor {
        var changes = [Tensor?](repeating: nil, count: stacks.count)
        for places in Dictionary(grouping: stacks.indices, by: { stacks[$0].side }).values {
            let matrices = try places.map { place in
                let numbers = stacks[place].numbers
                return try flat.narrowed(0, from: numbers.lowerBound, length: numbers.count).reshaped(stacks[place].shape)
            }
            for (place, matrix) in zip(places, try Self.orthogonal(matrices)) {
                let reach = 0.2 * Double(max(stacks[place].rows, stacks[place].columns)).squareRoot()
                changes[place] = try (matrix * reach).reshaped([-1])
            }
        }
        return try Tensor.concatenated(changes.compactMap { $0 }, dimension: 0)
    }

    /// Every matrix with all its singular values brought close to 1, by five Newton–Schulz iterations.
    ///
    /// Each iteration multiplies by a polynomial of X·Xᵀ; they are gathered on these small square matrices, of all stacks at once, and X itself
    /// is multiplied once.
    /// - Parameter stacks: each `[count, rows, columns]`, with the smaller of `rows` and `columns` the same in all.
    private static func orthogonal(_ stacks: [Tensor]) throws -> [Tensor] {
        let rows = try stacks.map { stack in
            let lying = try stack.size(1) > stack.size(2) ? stack.transposed() : stack
            return try lying / (lying.norm([1, 2], keep: true) + 1e-7)
        }
        var square = try Tensor.concatenated(rows.map { try $0.matmul($0.transposed()) }, dimension: 0)
        let identity = try Tensor.identity(square.size(1), device: square.device) * 3.4445
        var product: Tensor?
        for iteration in 0..<5 {
            let factor = try square.matmul(square) * 2.0315 - square * 4.7750 + identity
            product = try product.map { try factor.matmul($0) } ?? factor
            if iteration < 4 { square = try factor.matmul(square).matmul(factor) }
        }
        guard let product else { return [] }
        var start = 0
        return try zip(stacks, rows).map { stack, rows in
            defer { start += stack.size(0) }
            let result = try product.narrowed(0, from: start, length: stack.size(0)).matmul(rows)
            return try stack.size(1) > stack.size(2) ? result.transposed() : result
        }
    }
}
