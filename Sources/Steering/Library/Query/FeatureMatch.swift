import Networks
import Tensors

/// A feature that something is like, and how much.
public struct FeatureMatch: Sendable, Equatable {
    public let feature: Int
    /// A cosine, or a difference of cosines.
    public let score: Float
}

/// The directions of all features, ready to be compared with other directions.
struct DirectionIndex {
    private let directions: Tensor
    /// What is taken off every direction, `[1, width]`.
    private let mean: Tensor
    /// How long the directions are then, `[count, 1]`.
    private let lengths: Tensor

    /// - Parameter isCentred: whether directions count as their difference to the mean direction, which says what all have in common.
    init(_ autoencoder: SparseAutoencoder, isCentred: Bool) throws {
        directions = autoencoder.directions
        mean =
            try isCentred ? directions.mean([0], keep: true).to(.float32) : Tensor.zeros([1, autoencoder.width], device: directions.device)
        // ‖d − m‖² = ‖d‖² − 2 d·m + ‖m‖², without a second copy of all directions.
        let overlap = try directions.matmul(mean.to(directions.dataType).transposed()).to(.float32)
        let squares = try autoencoder.norms.reshaped([-1, 1]).squared() - overlap * 2 + mean.squared().sum()
        lengths = try squares.maximum(Tensor.full([1], 1e-12, device: directions.device)).squareRoot()
    }

    var count: Int { directions.size(0) }

    /// The cosines of some features' directions with some vectors `[n, width]`: `[rows, n]`.
    func cosines(with vectors: Tensor, of rows: Range<Int>) throws -> Tensor {
        try cosines(
            with: vectors, directions.narrowed(0, from: rows.lowerBound, length: rows.count),
            lengths.narrowed(0, from: rows.lowerBound, length: rows.count))
    }

    /// The same of features in any order.
    func cosines(with vectors: Tensor, of rows: [Int]) throws -> Tensor {
        let places = try Tensor(rows.map(Int64.init), shape: [rows.count]).to(device: directions.device)
        return try cosines(with: vectors, directions.selecting(places), lengths.selecting(places))
    }

    private func cosines(with vectors: Tensor, _ part: Tensor, _ lengths: Tensor) throws -> Tensor {
        let unit = try vectors.unit().to(device: directions.device)
        let products = try part.matmul(unit.to(directions.dataType).transposed()).to(.float32)
        return try (products - mean.matmul(unit.transposed())) / lengths
    }

    /// The features nearest to a vector `[1, width]`, nearest first.
    func nearest(to vector: Tensor, count wanted: Int) throws -> [FeatureMatch] {
        let top = try cosines(with: vector, of: 0..<count).reshaped([-1]).top(min(wanted, count))
        return try zip(top.indices.integers(), top.values.floats()).map { FeatureMatch(feature: $0, score: $1) }
    }
}

extension Tensor {
    /// Each row divided by its length.
    func unit() throws -> Tensor { try self / norm([1], keep: true).maximum(Tensor.full([1], 1e-12, device: device)) }
}
