import Diffusion
import Foundation
import Networks
import Pictures
import Tensors

/// The networks of one pack and what is done with them, step by step; lives on the engine's thread.
///
/// Networks are loaded when they are first needed, and let go again where they do not all fit; see `ResidentNetworks`.
final class Pipeline: NoiseModel, PictureEncoder {
    let pack: Pack
    let device: Device
    let dataType: DataType
    let schedule: NoiseSchedule
    let unetConfiguration: UNetConfiguration
    let movqConfiguration: MoVQConfiguration
    let format: PixelNormalisation
    var knownFeatures: KnownFeatures
    var naming = Naming.notBegun
    private let previewMap: PreviewMap?
    let networks: ResidentNetworks
    private var knownUnconditional: Tensor?
    /// What made icons last.
    var iconMaker: FeatureIcons?

    /// Loads everything that stays in memory, telling how far it is.
    /// - Parameters:
    ///   - embedsPictures: whether the image tower is among it; else it is loaded when it is first needed.
    ///   - remark: called with a sentence for each network that computes in another type than `dataType`.
    init(
        _ pack: Pack, device: Device, dataType: DataType, embedsPictures: Bool = true, remark: @escaping (String) -> Void = { _ in },
        _ progress: (WorkProgress) -> Void = { _ in }
    ) throws {
        self.pack = pack
        self.device = device
        self.dataType = dataType
        schedule = try pack.schedule()
        unetConfiguration = try pack.unetConfiguration()
        movqConfiguration = try pack.movqConfiguration()
        format = try pack.pixelNormalisation()
        knownFeatures = try KnownFeatures(pack: pack)
        previewMap = try PreviewMap(pack: pack)
        networks = try ResidentNetworks.open(
            pack, device: device, dataType: dataType, embedsPictures: embedsPictures, remark: remark, progress)
    }

    var autoencoder: SparseAutoencoder { networks.autoencoder }

    /// Loads what embedding a picture takes, if it is not in memory.
    func prepareEmbedding(_ progress: (WorkProgress) -> Void) throws { _ = try networks.imageTower(progress) }

    /// Loads what sampling takes, if it is not in memory.
    func prepareSampling(isGuided: Bool, _ progress: (WorkProgress) -> Void) throws {
        // The unconditional embedding takes the image tower, which may have to go for the U-Net.
        if isGuided { _ = try unconditionalEmbedding(progress) }
        _ = try networks.unet(progress)
    }

    /// The picture as the image tower takes it, `[1, 3, side, side]`.
    func pixelValues(_ picture: Picture) throws -> Tensor {
        try format(picture.centreSquare(format).byteTensor()).to(device: device)
    }

    /// `[1, width]`.
    func embedding(ofPixelValues pixelValues: Tensor) throws -> Tensor {
        try networks.compute(.imageEncoder, "The image embedding", with: networks.imageTower) {
            try $0(pixelValues)
        }
    }

    /// The tower's output on zeros, from which guidance leads away.
    func unconditionalEmbedding(_ progress: (WorkProgress) -> Void = { _ in }) throws -> Tensor {
        if let knownUnconditional { return knownUnconditional }
        let tower = try networks.imageTower(progress)
        let side = tower.configuration.imageSize
        let zeros = try Tensor.zeros([1, 3, side, side], device: device)
        let embedding = try networks.compute(
            .imageEncoder, "The unconditional embedding", with: networks.imageTower
        ) { try $0(zeros) }
        knownUnconditional = embedding
        return embedding
    }

    /// The size at which pictures are made unless they ask otherwise, in pixels.
    var pictureSize: (width: Int, height: Int) {
        let side = unetConfiguration.sampleSize * movqConfiguration.downscaling
        return (pack.description.width ?? side, pack.description.height ?? side)
    }

    /// The size at which the model works on a picture.
    func workingSize(of picture: Picture) throws -> WorkingSize { try workingSize(width: picture.width, height: picture.height) }

    func workingSize(width: Int, height: Int) throws -> WorkingSize {
        let side = pack.description.width.flatMap { width in pack.description.height.map { width * $0 } }
        return WorkingSize(width: width, height: height, downscaling: movqConfiguration.downscaling, limit: side ?? 1024 * 1024)
    }

    /// The picture at the size at which the model works on it.
    func fitted(_ picture: Picture) throws -> Picture {
        let size = try workingSize(of: picture)
        if size.width == picture.width && size.height == picture.height { return picture }
        return try picture.resized(width: size.width, height: size.height)
    }

    /// Latents `[1, channels, height / f, width / f]`.
    func latents(of picture: Picture) throws -> Tensor {
        let picture = try picture.signedTensor().to(device: device)
        return try networks.compute(.movq, "The latents", with: networks.movq) { try $0.encode(picture) }
    }

    /// Latents back to a picture in 0…1, `[1, 3, height, width]`, not clamped.
    func decoded(_ latents: Tensor) throws -> Tensor {
        try signed(latents) * 0.5 + 0.5
    }

    /// Latents back to a picture in −1…1, `[1, 3, height, width]`, not clamped.
    func signed(_ latents: Tensor) throws -> Tensor {
        try networks.compute(.movq, "The picture", with: networks.movq) { try $0.decode(latents) }
    }

    /// Noise drawn with a seed, as `torch.randn` would.
    func noise(seed: UInt64, height: Int, width: Int) throws -> Tensor {
        let configuration = movqConfiguration
        let f = configuration.downscaling
        return try Generator(seed: seed).normal([1, configuration.latentChannels, height / f, width / f]).to(device: device)
    }

    /// What latents look like, roughly and at once; nil when the pack has no preview map.
    func preview(_ latents: Tensor) throws -> Picture? { try previewMap?(latents) }

    var inversionSteps: Int { pack.description.invertSteps ?? 40 }

    func noisePredictor(for embedding: Tensor, guidance: Double, negative: Tensor?, _ what: String?) throws -> NoisePredictor {
        let unconditional = guidance == 1 ? nil : try negative ?? unconditionalEmbedding()
        guard let what else { return try networks.unet().noisePredictor(for: embedding, guidance: guidance, unconditional: unconditional) }
        let predict = try networks.computation(.unet, what, networks.unet(), again: networks.unet) { unet in
            let predict = try unet.noisePredictor(for: embedding, guidance: guidance, unconditional: unconditional)
            return { (place: (latents: Tensor, timestep: Int)) in try predict(place.latents, place.timestep) }
        }
        return { try predict(($0, $1)) }
    }
}
