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
        let solved = solution(
            of: (0..<size).map { row in Array(gram[row * size..<(row + 1) * size]) },
            (0..<size).map { row in Array(targets[row * 3..<(row + 1) * 3]) })
        matrix = (0..<3).map { colour in (0..<channels).map { solved[$0][colour] } }
        bias = (0..<3).map { solved[channels][$0] }
    }
}
