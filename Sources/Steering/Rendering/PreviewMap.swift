import Foundation
import Pictures
import Tensors

/// A linear map from latents to colours, fitted for a pack: pictures of unfinished steps without a decoder.
struct PreviewMap {
    private struct File: Decodable {
        var matrix: [[Float]]
        var bias: [Float]
    }

    /// `[3, channels, 1, 1]` and `[3]`.
    private let weight, bias: Tensor

    /// The pack's `preview.json`; nil when it has none.
    init?(pack: Pack) throws {
        let url = pack.folder.appendingPathComponent("preview.json")
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        do {
            let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
            let channels = file.matrix.first?.count ?? 0
            guard file.matrix.count == 3, channels > 0, file.matrix.allSatisfy({ $0.count == channels }), file.bias.count == 3 else {
                throw SteeringError.unreadableDescription(
                    file: url.path, reason: "\"matrix\" must have three rows of one length, and \"bias\" three numbers.")
            }
            weight = try Tensor(file.matrix.flatMap { $0 }, shape: [3, channels, 1, 1])
            bias = try Tensor(file.bias, shape: [3])
        } catch let error as DecodingError {
            throw SteeringError.unreadableDescription(file: url.path, reason: error.sentence)
        }
    }

    /// A small picture, one pixel per latent.
    func callAsFunction(_ latents: Tensor) throws -> Picture {
        try Picture(unit: latents.to(device: .cpu).convolved(weight, bias))
    }
}
