import Foundation
import Networks
import Pictures
import Tensors

/// The networks of one pack and what is done with them, step by step; lives on the engine's thread.
///
/// Networks load when they are first needed.
final class Pipeline {
    let pack: Pack
    let device: Device
    let dataType: DataType
    let schedule: NoiseSchedule
    let format: PixelNormalisation
    let autoencoder: SparseAutoencoder
    let library: FeatureLibrary
    private let previewMap: PreviewMap?
    private var towers: ImageTower?
    private var unets: UNet?
    private var movqs: MoVQ?
    private var emptyEmbedding: Tensor?

    init(_ pack: Pack, device: Device, dataType: DataType) throws {
        self.pack = pack
        self.device = device
        self.dataType = dataType
        schedule = try pack.schedule()
        format = try pack.pixelNormalisation()
        autoencoder = try pack.sparseAutoencoder(as: dataType, on: device)
        library = try FeatureLibrary(pack: pack)
        previewMap = try PreviewMap(pack: pack)
    }

    /// Loads every network now, telling how far it is.
    func loadAll(_ progress: (WorkProgress) -> Void) throws {
        let loads: [() throws -> Void] = [{ _ = try self.imageTower() }, { _ = try self.movq() }, { _ = try self.unet() }]
        for (index, load) in loads.enumerated() {
            progress(WorkProgress(.loading, step: index, count: loads.count))
            try Task.checkCancellation()
            try load()
        }
        progress(WorkProgress(.loading, step: loads.count, count: loads.count))
    }

    func imageTower() throws -> ImageTower {
        if let towers { return towers }
        let loaded = try pack.imageTower(as: dataType, on: device)
        towers = loaded
        return loaded
    }

    func unet() throws -> UNet {
        if let unets { return unets }
        let loaded = try pack.unet(as: dataType, on: device)
        unets = loaded
        return loaded
    }

    func movq() throws -> MoVQ {
        if let movqs { return movqs }
        let loaded = try pack.movq(as: dataType, on: device)
        movqs = loaded
        return loaded
    }

    /// The picture as the image tower takes it, `[1, 3, side, side]`.
    func pixelValues(_ picture: Picture) throws -> Tensor {
        try format(picture.centreSquare(format).byteTensor()).to(device: device)
    }

    /// `[1, width]`.
    func embedding(ofPixelValues pixelValues: Tensor) throws -> Tensor {
        try finite(imageTower()(pixelValues), "The image embedding")
    }

    /// The embedding of no picture: the tower's output on zeros. It is the negative condition under guidance.
    func zeroEmbedding() throws -> Tensor {
        if let emptyEmbedding { return emptyEmbedding }
        let tower = try imageTower()
        let side = tower.configuration.imageSize
        let embedding = try tower(Tensor.zeros([1, 3, side, side], device: device))
        emptyEmbedding = embedding
        return embedding
    }

    /// The size at which the model works on a picture.
    func workingSize(of picture: Picture) throws -> WorkingSize { try workingSize(width: picture.width, height: picture.height) }

    func workingSize(width: Int, height: Int) throws -> WorkingSize {
        let side = pack.description.width.flatMap { width in pack.description.height.map { width * $0 } }
        return WorkingSize(width: width, height: height, downscaling: try movq().configuration.downscaling, limit: side ?? 1024 * 1024)
    }

    /// The picture at the size at which the model works on it.
    func fitted(_ picture: Picture) throws -> Picture {
        let size = try workingSize(of: picture)
        if size.width == picture.width && size.height == picture.height { return picture }
        return try picture.resized(width: size.width, height: size.height)
    }

    /// Latents `[1, channels, height / f, width / f]`.
    func latents(of picture: Picture) throws -> Tensor {
        try finite(movq().encode(picture.signedTensor().to(device: device)), "The latents")
    }

    /// Latents back to a picture in 0…1, `[1, 3, height, width]`, not clamped.
    func decoded(_ latents: Tensor) throws -> Tensor {
        try finite(movq().decode(latents) * 0.5 + 0.5, "The picture")
    }

    /// The noise from which DDIM comes back to `latents`, approximately.
    func inverted(_ latents: Tensor, embedding: Tensor, steps: Int, _ each: (DDIM.Step) throws -> Void = { _ in }) throws -> Tensor {
        let noise = try unet().noisePredictor(for: embedding)
        return try finite(DDIM(schedule, steps: steps).inverting(latents, with: noise).finish(each), "The inverted latents")
    }

    /// Clean latents from noise.
    /// - Parameter unwanted: the embedding that guidance leads away from; nil means that of no picture.
    func denoised(
        _ latents: Tensor, embedding: Tensor, unwanted: Tensor? = nil, steps: Int, guidance: Double,
        _ each: (DDIM.Step) throws -> Void = { _ in }
    ) throws -> Tensor {
        let negative = guidance == 1 ? nil : try unwanted ?? zeroEmbedding()
        let noise = try unet().noisePredictor(for: embedding, guidance: guidance, unconditional: negative)
        return try finite(DDIM(schedule, steps: steps).denoising(latents, with: noise).finish(each), "The latents")
    }

    /// The clean latents at the end of sampling.
    func finished(_ trajectory: Trajectory, _ each: (DDIM.Step) throws -> Void) throws -> Tensor {
        try finite(trajectory.finish(each), "The latents")
    }

    /// Noise drawn with a seed, as `torch.randn` would.
    func noise(seed: UInt64, height: Int, width: Int) throws -> Tensor {
        let configuration = try movq().configuration
        let f = configuration.downscaling
        return try Generator(seed: seed).normal([1, configuration.latentChannels, height / f, width / f]).to(device: device)
    }

    /// What latents look like, roughly and at once; nil when the pack has no preview map.
    func preview(_ latents: Tensor) throws -> Picture? { try previewMap?(latents) }

    /// The noise that the U-Net predicts for an embedding, away from that of no picture under guidance.
    func noisePredictor(for embedding: Tensor, guidance: Double) throws -> NoisePredictor {
        try unet().noisePredictor(for: embedding, guidance: guidance, unconditional: guidance == 1 ? nil : zeroEmbedding())
    }

    /// - Throws: `SteeringError.notANumber` with `what` unless every element is finite.
    func finite(_ tensor: Tensor, _ what: String) throws -> Tensor {
        guard try tensor.isAllFinite() else { throw SteeringError.notANumber(stage: what) }
        return tensor
    }
}
