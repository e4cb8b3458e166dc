import Diffusion
import Files
import Foundation
import Networks
import Pictures
import Scenes
import Steering
import Tensors

/// Writes the networks of a finished chain as a pack: half precision, in the layout and with the configs of the published repositories.
public struct PackExport {
    private struct Description: Encodable {
        var name = "demo"
        var width = 128
        var height = 128
        var steps = 20
        var invertSteps = 40
        var previewSteps = 5
        var iconTemplate = "icons.png"
        var iconValues: [Double]
    }

    private struct Library: Encodable {
        var version = 1
        var features: [FeatureStatistics]
    }

    /// What can be replaced alone in a pack.
    public enum Part: String, CaseIterable, Sendable {
        /// The refined autoencoder, and the map that previews pictures from its latents.
        case autoencoder
        case decoder
        /// The sparse autoencoder and what its features are called.
        case features
    }

    private let training: DemoTraining
    private let folder: URL

    /// - Parameters:
    ///   - training: whose finished stages are exported.
    ///   - folder: where the pack goes; files that are there already are replaced.
    public init(_ training: DemoTraining, to folder: URL) {
        self.training = training
        self.folder = folder
    }

    /// Writes everything.
    /// - Parameter sceneCount: how many scenes name the features and fit the previews.
    /// - Throws: `TrainingError.missingStage` when a stage is not finished, or what writing throws.
    public func write(sceneCount: Int = 4096) throws {
        try write(ImageTowerConfiguration.demo.json, "prior/image_encoder/config.json")
        try write(PixelNormalisation.demo.json, "prior/image_processor/preprocessor_config.json")
        try write(training.tensors(of: .clip, part: ClipTrainer.imagePath), "prior/image_encoder/model.safetensors")
        try write(TextTowerConfiguration.demo.json, "prior/text_encoder/config.json")
        try write(training.tensors(of: .clip, part: ClipTrainer.textPath), "prior/text_encoder/model.safetensors")
        try WorldTokenizer.shared.write(to: folder.appendingPathComponent("prior/tokenizer"))
        try write(.decoder)
        try write(NoiseSchedule.demoJSON, "decoder/scheduler/scheduler_config.json")
        try write(DirectionTemplates.world, "directions.json")
        try Tensor.withoutGradients {
            let bank = try SceneBank(count: sceneCount)
            try writeFeatures(training.tensors(of: .sparseAutoencoder), bank)
            try writeIconTemplate()
            try writeAutoencoder(bank)
        }
    }

    /// Replaces one part of a pack that is there.
    /// - Parameters:
    ///   - sceneCount: how many scenes name the features and fit the previews.
    ///   - part: which part.
    /// - Throws: `TrainingError.missingStage` when its stage is not finished, or what writing throws.
    public func write(_ part: Part, sceneCount: Int = 4096) throws {
        switch part {
        case .autoencoder: try Tensor.withoutGradients { try writeAutoencoder(SceneBank(count: sceneCount)) }
        case .decoder:
            try write(UNetConfiguration.demo.json, "decoder/unet/config.json")
            try write(training.tensors(of: .decoder), "decoder/unet/diffusion_pytorch_model.safetensors")
        case .features:
            // Before scenes are drawn, which takes long.
            let weights = try training.tensors(of: .sparseAutoencoder)
            try Tensor.withoutGradients { try writeFeatures(weights, SceneBank(count: sceneCount)) }
        }
    }

    private func writeAutoencoder(_ bank: SceneBank) throws {
        try write(MoVQConfiguration.demo.json, "decoder/movq/config.json")
        try write(training.tensors(of: .refinement) + [codebook()], "decoder/movq/diffusion_pytorch_model.safetensors")
        try write(PreviewFit(training.movq(), bank), "preview.json")
    }

    private func writeFeatures(_ weights: NamedTensors, _ bank: SceneBank) throws {
        try write(weights, "sae/model.safetensors")
        let features = try features(bank)
        try write(Library(features: features), "features.json")
        try write(Description(iconValues: Self.iconValues(features)), "pack.json")
    }

    private func features(_ bank: SceneBank) throws -> [FeatureStatistics] {
        let embeddings = try training.imageTower().embeddings(of: bank)
        return try FactorNaming(bank.scenes).statistics(training.sparseAutoencoder(), embeddings)
    }

    /// Six activations from none to a third beyond what features typically reach, in round numbers.
    private static func iconValues(_ features: [FeatureStatistics]) -> [Double] {
        let maxima = features.map(\.maximum).sorted()
        guard !maxima.isEmpty else { return [0, 1, 2, 3, 4, 5] }
        let step = maxima[maxima.count / 2] * 4 / 3 / 5
        let unit = pow(10, log10(step).rounded(.down))
        return (0...5).map { Double($0) * (step / unit).rounded() * unit }
    }

    /// A plain scene, on which every feature can show what it does.
    private func writeIconTemplate() throws {
        var scene = Scene(seed: SceneBank.trainingSeed, index: 0)
        (scene.subject, scene.colour, scene.count, scene.size, scene.position) = (.house, .orange, .one, .medium, .centre)
        (scene.timeOfDay, scene.ground, scene.weather, scene.border, scene.style) = (.day, .grass, .clear, .none, .plain)
        scene.placement = ScenePlacement(right: 0, down: 0, isFlipped: false)
        let side = ImageTowerConfiguration.demo.imageSize
        try Picture(width: side, height: side, pixels: scene.drawn(size: side)).write(toPNG: prepared("icons.png"))
    }

    /// Nothing reads it, since nothing is quantised; the architecture wants it to be there.
    private func codebook() throws -> (name: String, tensor: Tensor) {
        let sizes = MoVQConfiguration.demo
        return (MoVQ.codebookName, try Tensor.zeros([sizes.codebookSize, sizes.latentChannels], device: .ambient))
    }

    private func write(_ tensors: NamedTensors, _ path: String) throws {
        let halves = try tensors.map { ($0.name, try $0.tensor.detached().to(.float16)) }
        try SafetensorsWriter.write(halves, metadata: ["format": "pt"], to: prepared(path))
    }

    private func write(_ value: some Encodable, _ path: String) throws { try value.write(asJSONTo: prepared(path)) }

    /// The file's place, in a folder that exists.
    private func prepared(_ path: String) throws -> URL {
        let file = folder.appendingPathComponent(path)
        try makeFolder(file.deletingLastPathComponent())
        return file
    }
}
