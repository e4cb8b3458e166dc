import Files
import Foundation
import Networks
import Tensors

/// Fills a folder of training with the stages of a pack that are finished, so that one of them can be trained further.
public struct PackImport {
    private let pack: URL
    private let training: DemoTraining

    /// - Parameters:
    ///   - pack: the folder of a pack of the demo pack's architecture.
    ///   - training: whose folder is filled.
    public init(of pack: URL, into training: DemoTraining) {
        self.pack = pack
        self.training = training
    }

    /// Writes the weights of every stage but the decoder, which a run begins with (`DemoTraining.decoderStart`), and the factor reader, which no
    /// pack holds. The autoencoder's are those of its refinement.
    /// - Throws: `TrainingError.unsuitable` when a stage has weights already, or what reading throws.
    public func write() throws {
        let movq = try tensors("decoder/movq/diffusion_pytorch_model.safetensors").filter { $0.name != MoVQ.codebookName }
        let towers = try [(ClipTrainer.imagePath, "image_encoder"), (ClipTrainer.textPath, "text_encoder")].flatMap { path, place in
            try tensors("prior/\(place)/model.safetensors").map { (name: "\(path).\($0.name)", tensor: $0.tensor) }
        }
        let stages: [(DemoTraining.Stage, NamedTensors)] = [
            (.autoencoder, movq), (.refinement, movq), (.clip, towers), (.sparseAutoencoder, try tensors("sae/model.safetensors")),
        ]
        for (stage, _) in stages where training.isFinished(stage) {
            throw TrainingError.unsuitable("\(training.weights(of: stage).path) exists already; name another --folder, or remove it.")
        }
        for (stage, tensors) in stages {
            let file = training.weights(of: stage)
            try makeFolder(file.deletingLastPathComponent())
            try SafetensorsWriter.write(tensors, to: file)
        }
    }

    private func tensors(_ path: String) throws -> NamedTensors {
        let file = try SafetensorsFile(contentsOf: pack.appendingPathComponent(path))
        return try file.names.map { ($0, try file.tensor($0).to(.float32)) }
    }
}
