import Files
import Foundation
import Networks
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
        let rows = try Tensor.concatenated([inputs, Tensor.ones([1, inputs.size(1)], device: .ambient)], dimension: 0).to(.float64)
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

    /// Fits to an autoencoder, on the first scenes of a bank.
    init(_ movq: MoVQ, _ bank: SceneBank) throws {
        let parts = try bank.batches(of: 16).prefix(16).map { indices in
            let pictures = try bank.pictures(indices)
            return (try movq.encode(pictures), try pictures.averagePooled(movq.configuration.downscaling) * 0.5 + 0.5)
        }
        try self.init(
            latents: Tensor.concatenated(parts.map(\.0), dimension: 0), pictures: Tensor.concatenated(parts.map(\.1), dimension: 0))
    }

    /// Fits to the autoencoder of a pack folder, on drawn scenes, which have all colours.
    /// - Throws: when the pack's autoencoder is missing or broken.
    public init(pack folder: URL, sceneCount: Int = 256) throws {
        self = try Tensor.withoutGradients { try PreviewFit(MoVQ(pack: folder), SceneBank(count: sceneCount)) }
    }

    /// Writes the map as a pack's `preview.json`, replacing it at once.
    public func write(to file: URL) throws { try write(asJSONTo: file) }
}
