import Tensors

/// The linear map from latents to colours that is closest to the true pictures: enough to watch an unfinished one.
public struct PreviewFit: Codable, Sendable, Equatable {
    /// Three rows, red, green and blue, of one weight for each latent channel.
    public var matrix: [[Double]]
    /// Three numbers; colours are in 0…1.
    public var bias: [Double]

    /// Fits by least squares.
    /// - Parameters:
    ///   - latents: `[count, channels, height, width]`.
    ///   - pictures: of the same height and width, `[count, 3, height, width]` in 0…1.
    public init(latents: Tensor, pictures: Tensor) throws {
        let channels = latents.size(1)
        let inputs = try latents.permuted([1, 0, 2, 3]).reshaped([channels, -1])
        let rows = try Tensor.concatenated([inputs, Tensor.ones([1, inputs.size(1)])], dimension: 0).to(.float64)
        let colours = try pictures.permuted([1, 0, 2, 3]).reshaped([3, -1]).to(.float64)
        let gram = try rows.matmul(rows.transposed()).floats().map(Double.init)
        let targets = try rows.matmul(colours.transposed()).floats().map(Double.init)
        let size = channels + 1
        let solution = solve(
            (0..<size).map { row in Array(gram[row * size..<(row + 1) * size]) },
            (0..<size).map { row in Array(targets[row * 3..<(row + 1) * 3]) })
        matrix = (0..<3).map { colour in (0..<channels).map { solution[$0][colour] } }
        bias = (0..<3).map { solution[channels][$0] }
    }
}

/// Solves `a · x = b` for a symmetric positive `a` by elimination; a direction that `a` does not see gets nothing.
private func solve(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    var a = a
    var b = b
    for pivot in a.indices {
        let scale = abs(a[pivot][pivot]) > 1e-9 ? 1 / a[pivot][pivot] : 0
        a[pivot] = a[pivot].map { $0 * scale }
        b[pivot] = b[pivot].map { $0 * scale }
        for row in a.indices where row != pivot {
            let factor = a[row][pivot]
            for column in a.indices { a[row][column] -= factor * a[pivot][column] }
            for column in b[row].indices { b[row][column] -= factor * b[pivot][column] }
        }
    }
    return b
}
