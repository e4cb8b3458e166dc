import Diffusion
import Foundation
import Networks
import Tensors

/// The networks of a pack folder in float32, as they are measured.
struct PackNetworks {
    let normalisation: PixelNormalisation
    let imageTower: ImageTower
    /// Nil in a pack without one.
    let text: (tower: TextTower, tokenizer: Tokenizer)?
    let movq: MoVQ
    let unet: UNet
    let schedule: NoiseSchedule
    let sparseAutoencoder: SparseAutoencoder
    /// The embedding that guidance leads away from, `[1, width]`.
    private let nothing: Tensor

    /// - Throws: when a part is missing or does not fit its config.
    init(contentsOf folder: URL) throws {
        func place(_ path: String) -> URL { folder.appendingPathComponent(path) }
        func source(_ path: String, stem: String = "model") throws -> Weights {
            Weights(CheckpointSource(try WeightFiles.open(in: place(path), stem: stem), on: .ambient))
        }
        normalisation = try PixelNormalisation(contentsOf: place("prior/image_processor/preprocessor_config.json"))
        imageTower = try ImageTower(
            ImageTowerConfiguration(contentsOf: place("prior/image_encoder/config.json")),
            source("prior/image_encoder"))
        nothing = try Tensor.withoutGradients { [imageTower] in try imageTower.embeddingOfNothing() }
        movq = try MoVQ(pack: folder)
        unet = try UNet(
            UNetConfiguration(contentsOf: place("decoder/unet/config.json")),
            source("decoder/unet", stem: "diffusion_pytorch_model"))
        schedule = try NoiseSchedule(contentsOf: place("decoder/scheduler/scheduler_config.json"))
        sparseAutoencoder = try SparseAutoencoder(trained: SafetensorsFile(contentsOf: place("sae/model.safetensors")))
        text = try Self.text(place("prior/text_encoder"), place("prior/tokenizer"))
    }

    private static func text(_ encoder: URL, _ tokenizer: URL) throws -> (TextTower, Tokenizer)? {
        guard FileManager.default.fileExists(atPath: tokenizer.path) else { return nil }
        let configuration = try TextTowerConfiguration(contentsOf: encoder.appendingPathComponent("config.json"))
        let source = CheckpointSource(try SafetensorsFile(contentsOf: encoder.appendingPathComponent("model.safetensors")), on: .ambient)
        return (try TextTower(configuration, Weights(source)), try Tokenizer(contentsOf: tokenizer))
    }

    /// The embeddings `[count, width]` of pictures `[count, 3, height, width]` of bytes, which must have the tower's size.
    func embeddings(of bank: SceneBank) throws -> Tensor {
        let parts = try bank.batches(of: Device.ambient.examples(64)).map { try imageTower(normalisation(bank.bytes($0))) }
        return try Tensor.concatenated(parts, dimension: 0)
    }

    /// The pictures in −1…1 that embeddings `[count, width]` are drawn as, from given noise.
    func pictures(of embeddings: Tensor, from noise: Tensor, steps: Int, guidance: Double) throws -> Tensor {
        let predictNoise = try unet.noisePredictor(for: embeddings, guidance: guidance, unconditional: nothing)
        let latents = try DDIM(schedule, steps: steps).denoising(noise, with: predictNoise).finish()
        return try movq.decode(latents).clamped(-1, 1)
    }
}

extension MoVQ {
    /// The autoencoder of a pack folder, in float32.
    init(pack folder: URL) throws {
        let place = folder.appendingPathComponent("decoder/movq")
        let file = try WeightFiles.open(in: place, stem: "diffusion_pytorch_model")
        try self.init(
            MoVQConfiguration(contentsOf: place.appendingPathComponent("config.json")), Weights(CheckpointSource(file, on: .ambient)))
    }
}

extension SparseAutoencoder {
    /// A file without a config of its own; the sizes are the file's.
    /// - Throws: `TrainingError.missingParameter` when it holds no encoder.
    init(trained file: SafetensorsFile) throws {
        guard let shape = file.entry("encoder.weight")?.shape, shape.count == 2 else {
            throw TrainingError.missingParameter(file: file.url.path, name: "encoder.weight")
        }
        let activation = SparseAutoencoderConfiguration(threshold: file.entry("threshold")?.shape).activation
        try self.init(Weights(CheckpointSource(file, on: .ambient)), count: shape[0], width: shape[1], activation: activation)
    }
}
