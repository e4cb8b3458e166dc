import ArgumentParser
import Foundation
import Training

struct TrainSparseAutoencoder: TrainingCommand {
    static let configuration = CommandConfiguration(
        commandName: "sae", abstract: "Train a sparse autoencoder on a file of embeddings, or on the demo pack's.",
        discussion: """
            With --embeddings: a safetensors file with one matrix [count, width], which may be larger than memory; the last tenth of its \
            rows, at most 4,096, is kept back to measure on. The folder then holds model.safetensors and config.json, as a pack's sae folder \
            does. Without it: the demo pack's stage; the towers come first.
            """)

    @Option(help: ArgumentHelp("Embeddings to train on.", valueName: "file"))
    var embeddings: String?

    @Option(help: ArgumentHelp("How many features there are.", valueName: "n"))
    var features = 2048

    @Option(help: ArgumentHelp("How many features of an embedding are kept.", valueName: "k"))
    var keep = 32

    @Flag(help: "Keep the same number of features of every embedding, not only on average.")
    var exactly = false

    @Option(help: ArgumentHelp("The sparsity penalty on a unit of activation, in units of the squared error.", valueName: "price"))
    var price = 0.0

    @OptionGroup var options: Train.Options
    @OptionGroup var length: Train.Length
    @OptionGroup var learning: Train.Learning

    var inputs: [String] { embeddings.map { [$0] } ?? [] }
    var continuation: [String] { length.resume ? [] : ["--resume"] }

    func validate() throws {
        if !(1...1_048_576).contains(features) { throw ValidationError("--features must lie between 1 and 1,048,576.") }
        if !(1...features).contains(keep) { throw ValidationError("--keep must lie between 1 and the number of features.") }
        if !(price >= 0 && price.isFinite) { throw ValidationError("--price must not be negative.") }
        if embeddings != nil, learning.scenes != nil { throw ValidationError("Give --scenes or --embeddings, not both.") }
    }

    func run() throws {
        guard let embeddings else { return try trainStage() }
        let settings = SparseTrainer.Settings(
            count: features, selection: exactly ? .perEmbedding(keep) : .perBatch(keep), price: price)
        let training = SparseTraining(
            embeddings: URL(fileURLWithPath: embeddings), settings: settings,
            options: TrainingOptions(
                folder: URL(fileURLWithPath: options.folder), length: length.asked ?? .steps(10_000), batch: learning.batch ?? 1024,
                learningRate: learning.rate ?? 1e-3,
                checkpointInterval: length.saveEvery, resumes: length.resume))
        try options.training { _, stop in
            if let figures = try training.run(stop: stop) { try StandardOutput.print(Self.sentence(figures)) }
        }
    }

    private func trainStage() throws {
        try options.training { training, stop in
            let plan = learning.applied(to: .shipped(.sparseAutoencoder))
            try training.run(.sparseAutoencoder, as: plan, lasting: length, stop: stop)
        }
    }

    /// The four figures, which mean little one without the others.
    private static func sentence(_ figures: [String: Double]) -> String {
        func figure(_ name: String) -> Double { figures[name] ?? .nan }
        return String(
            format: "variance explained %.1f %%, features active %.1f, cosine %.3f, never active %.1f %%", figure("explained") * 100,
            figure("active"), figure("cosine"), figure("dead") * 100)
    }
}
