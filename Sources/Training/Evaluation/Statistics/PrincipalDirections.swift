import Tensors

/// The directions along which embeddings differ most (their principal components), found one after another by power iteration.
struct PrincipalDirections {
    /// Row by row, the largest variance first: `[count, width]`, of length 1.
    let rows: Tensor

    private static let mostRounds = 100

    /// - Parameters:
    ///   - embeddings: `[count, width]`.
    ///   - count: how many are looked for; there may be fewer.
    /// - Throws: `TrainingError.unsuitable` when all embeddings are the same.
    init(_ embeddings: Tensor, count: Int) throws {
        let centred = try (embeddings - embeddings.mean([0], keep: true)).to(.float64)
        var covariance = try centred.transposed().matmul(centred) * (1 / Double(embeddings.size(0)))
        let random = try Generator(seed: 1, device: .ambient)
        var found: [Tensor] = []
        var largest = 0.0
        for _ in 0..<min(count, embeddings.size(1)) {
            let (direction, variance) = try Self.strongest(covariance, from: random.normal([1, embeddings.size(1)]).to(.float64))
            largest = max(largest, variance)
            guard variance > 1e-6 * largest else { break }
            found.append(try direction.to(.float32))
            covariance = try covariance - direction.transposed().matmul(direction) * variance
        }
        guard !found.isEmpty else { throw TrainingError.unsuitable("All embeddings are the same: nothing can be measured on them.") }
        rows = try Tensor.concatenated(found, dimension: 0)
    }

    private static func strongest(_ covariance: Tensor, from start: Tensor) throws -> (direction: Tensor, variance: Double) {
        var direction = try start / start.norm()
        var variance = 0.0
        for _ in 0..<mostRounds {
            let next = try direction.matmul(covariance)
            variance = try next.norm().item()
            guard variance > 0 else { break }
            direction = try next * (1 / variance)
        }
        return (direction, variance)
    }

    /// The direction along which embeddings with a property stand farthest from the others, measured by how far embeddings lie apart there:
    /// `[1, width]`, pointing at those with it.
    func towards(_ mean: Tensor, from others: Tensor, among embeddings: Tensor) throws -> Tensor {
        let along = try embeddings.matmul(rows.transposed())
        let spread = try (along - along.mean([0], keep: true)).squared().mean([0], keep: true).squareRoot()
        let distance = try (mean - others).matmul(rows.transposed()) / (spread + 1e-12)
        let place = try distance.magnitude().argmax(1).integers()[0]
        let sign = try distance.narrowed(1, from: place, length: 1).item() < 0 ? -1.0 : 1
        return try rows.narrowed(0, from: place, length: 1) * sign
    }
}
