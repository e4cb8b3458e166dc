import Tensors

/// The linear classifier with the smallest squared error: what of a factor can be read off embeddings by a weighted sum.
struct LinearProbe {
    /// `[width + 1, values]`; the last row is the bias.
    private let weights: Tensor

    /// - Parameters:
    ///   - embeddings: `[count, width]`.
    ///   - labels: the index of each one's value, `[count]` (int64).
    init(_ embeddings: Tensor, _ labels: Tensor, values: Int) throws {
        let inputs = try Self.withOnes(embeddings).to(.float64)
        let targets = try labels.reshaped([-1, 1]).isEqual(to: Tensor.range(values, type: .int64, device: .ambient)).to(.float64)
        let size = inputs.size(1)
        let gram = try inputs.transposed().matmul(inputs).rows()
        let products = try inputs.transposed().matmul(targets).rows()
        let solved = solution(of: gram, products).flatMap { $0.map(Float.init) }
        weights = try Tensor(solved, shape: [size, values], device: .ambient)
    }

    /// Whether each embedding is read right, 1 or 0.
    func hits(_ embeddings: Tensor, _ labels: Tensor) throws -> [Double] {
        try Self.withOnes(embeddings).matmul(weights).argmax(1).isEqual(to: labels).to(.float32).floats().map(Double.init)
    }

    private static func withOnes(_ embeddings: Tensor) throws -> Tensor {
        try Tensor.concatenated([embeddings, Tensor.ones([embeddings.size(0), 1], device: .ambient)], dimension: 1)
    }
}
