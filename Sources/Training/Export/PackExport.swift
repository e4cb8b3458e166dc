import Foundation
import Networks
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
    }

    private struct Library: Encodable {
        var version = 1
        var features: [FeatureStatistics]
    }

    private let training: DemoTraining
    private let folder: URL

    /// - Parameter folder: where the pack goes; files that are there already are replaced.
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
        try write(UNetConfiguration.demo.json, "decoder/unet/config.json")
        try write(training.tensors(of: .decoder), "decoder/unet/diffusion_pytorch_model.safetensors")
        try write(MoVQConfiguration.demo.json, "decoder/movq/config.json")
        try write(training.tensors(of: .autoencoder) + [codebook()], "decoder/movq/diffusion_pytorch_model.safetensors")
        try write(NoiseSchedule.demoJSON, "decoder/scheduler/scheduler_config.json")
        try write(training.tensors(of: .sparseAutoencoder), "sae/model.safetensors")
        try write(Description(), "pack.json")
        try write(DirectionTemplates.world, "directions.json")
        try Tensor.withoutGradients {
            let bank = try SceneBank(count: sceneCount)
            try write(Library(features: features(bank)), "features.json")
            try write(PreviewFit(training.movq(), bank), "preview.json")
        }
    }

    private func features(_ bank: SceneBank) throws -> [FeatureStatistics] {
        let embeddings = try training.imageTower().embeddings(of: bank)
        return try FeatureNaming(bank.scenes).statistics(training.sparseAutoencoder(), embeddings)
    }

    /// Nothing reads it, since nothing is quantised; the architecture wants it to be there.
    private func codebook() throws -> (name: String, tensor: Tensor) {
        let sizes = MoVQConfiguration.demo
        return (MoVQ.codebookName, try Tensor.zeros([sizes.codebookSize, sizes.latentChannels]))
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
