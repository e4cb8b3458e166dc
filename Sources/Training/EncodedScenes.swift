import Dispatch
import Foundation
import Networks
import Scenes
import Synchronization
import Tensors

/// What the decoder is trained on: latents and the embeddings that they are to be drawn from.
public struct EncodedScenes {
    /// `[count, channels, height, width]`, mean 0 and deviation 1.
    public let latents: Tensor
    /// `[count, width]`.
    public let embeddings: Tensor
    /// The unconditional embedding, `[1, width]`.
    public let zero: Tensor
    /// The part of each latent cell that objects cover, 0…1: `[count, height · width]`.
    public let coverage: Tensor

    public init(latents: Tensor, embeddings: Tensor, zero: Tensor, coverage: Tensor) {
        self.latents = latents
        self.embeddings = embeddings
        self.zero = zero
        self.coverage = coverage
    }

    /// Encodes every picture of a bank, a few at a time.
    public init(_ bank: SceneBank, _ movq: MoVQ, _ tower: ImageTower) throws {
        (latents, embeddings, zero) = try Tensor.withoutGradients {
            let latents = try bank.batches(of: Device.ambient.examples(4)).map { try movq.encode(bank.pictures($0)).contiguous() }
            return (
                try Tensor.concatenated(latents, dimension: 0), try tower.embeddings(of: bank), try tower.embeddingOfNothing()
            )
        }
        coverage = try Self.coverage(bank.scenes, cells: latents.size(3))
    }

    /// Reads what `write(to:)` left.
    /// - Parameters:
    ///   - scenes: those that were encoded; what their objects cover is not in the file, since it is known in a moment.
    ///   - file: what `write(to:)` wrote.
    public init(contentsOf file: URL, scenes: [Scene]) throws {
        let file = try SafetensorsFile(contentsOf: file)
        latents = try file.tensor("latents").to(device: .ambient)
        embeddings = try file.tensor("embeddings").to(device: .ambient)
        zero = try file.tensor("zero").to(device: .ambient)
        coverage = try Self.coverage(scenes, cells: latents.size(3))
    }

    private static func coverage(_ scenes: [Scene], cells: Int) throws -> Tensor {
        let parts = Mutex([[Float]](repeating: [], count: scenes.count))
        DispatchQueue.concurrentPerform(iterations: scenes.count) { place in
            let part = scenes[place].coverage(cells: cells)
            parts.withLock { $0[place] = part }
        }
        return try Tensor(parts.withLock { $0.flatMap { $0 } }, shape: [scenes.count, cells * cells], device: .ambient)
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
        try self(Tensor.zeros([1, 3, configuration.imageSize, configuration.imageSize], device: .ambient))
    }
}
