import Foundation
import Networks
import Tensors

/// What the decoder is trained on: latents and the embeddings that they are to be drawn from.
public struct EncodedScenes {
    /// `[count, channels, height, width]`, mean 0 and deviation 1.
    public let latents: Tensor
    /// `[count, width]`.
    public let embeddings: Tensor
    /// The embedding of no picture, `[1, width]`.
    public let zero: Tensor

    public init(latents: Tensor, embeddings: Tensor, zero: Tensor) {
        self.latents = latents
        self.embeddings = embeddings
        self.zero = zero
    }

    /// Encodes every picture of a bank, a few at a time so that what is computed stays in the cache.
    public init(_ bank: SceneBank, _ movq: MoVQ, _ tower: ImageTower) throws {
        (latents, embeddings, zero) = try Tensor.withoutGradients {
            let latents = try bank.batches(of: 4).map { try movq.encode(bank.pictures($0)).contiguous() }
            return (
                try Tensor.concatenated(latents, dimension: 0), try tower.embeddings(of: bank), try tower.embeddingOfNothing()
            )
        }
    }

    /// Reads what `write(to:)` left.
    public init(contentsOf file: URL) throws {
        let file = try SafetensorsFile(contentsOf: file)
        latents = try file.tensor("latents").to(device: .ambient)
        embeddings = try file.tensor("embeddings").to(device: .ambient)
        zero = try file.tensor("zero").to(device: .ambient)
    }

    /// Keeps the encoded scenes, since encoding takes minutes.
    public func write(to file: URL) throws {
        try SafetensorsWriter.write([("latents", latents), ("embeddings", embeddings), ("zero", zero)], to: file)
    }

    public var count: Int { latents.size(0) }
}

extension ImageTower {
    /// The embedding of mean grey, which guidance moves away from: `[1, width]`.
    public func embeddingOfNothing() throws -> Tensor {
        try self(Tensor.zeros([1, 3, configuration.imageSize, configuration.imageSize]))
    }
}
