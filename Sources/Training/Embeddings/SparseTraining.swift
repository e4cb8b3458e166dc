import Files
import Foundation
import Tensors

/// Trains a sparse autoencoder on anybody's embeddings, and writes it as the `sae` folder of a pack.
public struct SparseTraining {
    /// The part of the embeddings that is kept back to measure on, and the most that are.
    static let heldOutPart = 0.1
    static let heldOutLimit = 4096

    private let embeddings: URL
    private let settings: SparseTrainer.Settings
    private let options: TrainingOptions

    /// - Parameters:
    ///   - embeddings: a safetensors file; see `Embeddings`. The last tenth of its rows, at most 4,096, is not trained on.
    ///   - settings: the autoencoder and its loss.
    ///   - options: whose folder holds the run and, at its end, `model.safetensors`.
    public init(embeddings: URL, settings: SparseTrainer.Settings, options: TrainingOptions) {
        self.embeddings = embeddings
        self.settings = settings
        self.options = options
    }

    /// Trains to the planned length and writes the autoencoder.
    /// - Returns: the figures of `SparseTrainer.evaluate` on what was kept back; nil when `stop` was set before the end.
    /// - Throws: `TrainingError` when the embeddings, the settings or the folder cannot be used, or the loss diverges.
    public func run(stop: StopSignal = StopSignal()) throws -> [String: Double]? {
        let all = try Embeddings(contentsOf: embeddings)
        guard all.count >= 2 else {
            throw TrainingError.unsuitableEmbeddings(file: embeddings.path, reason: "one embedding is not enough.")
        }
        let (known, heldOut) = try all.divided(heldOut: min(max(Int(Double(all.count) * Self.heldOutPart), 1), Self.heldOutLimit))
        let trainer = try SparseTrainer(settings, embeddings: known, heldOut: heldOut, batch: options.batch, seed: options.seed)
        guard case .finished = try TrainingRun(trainer, options).train(stop: stop) else { return nil }
        try SafetensorsWriter.write(trainer.exported, to: options.folder.appendingPathComponent("model.safetensors"))
        try trainer.configuration.write(asJSONTo: options.folder.appendingPathComponent("config.json"))
        return try Tensor.withoutGradients { try trainer.evaluate() }
    }
}

extension SparseTrainer {
    /// What `SparseAutoencoderConfiguration` reads.
    var configuration: JSONValue {
        switch settings.selection {
        case .perEmbedding(let k): ["activation": "topk", "k": .integer(k)]
        case .perBatch: ["activation": "threshold"]
        }
    }
}
