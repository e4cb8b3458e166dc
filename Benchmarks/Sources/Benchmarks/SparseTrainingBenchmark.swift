import Foundation
import Tensors
import Training

/// Times the training of a sparse autoencoder on embeddings of published width, beside an equal loop in PyTorch where Python has it.
struct SparseTrainingBenchmark {
    let root: URL

    private static let (count, width, parts) = (16_384, 1280, 256)
    private static let (features, kept, batch) = (2048, 32, 1024)
    /// Steps that are timed at once, and how often; one more goes before them.
    private static let (steps, rounds) = (3, 5)
    private static let target = 0.7

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fader-benchmark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("embeddings.safetensors")
        try SafetensorsWriter.write([("embeddings", Self.mixture())], to: file)

        let embeddings = try Embeddings(contentsOf: file)
        let settings = SparseTrainer.Settings(count: Self.features, selection: .perBatch(Self.kept))
        let trainer = try SparseTrainer(
            settings, embeddings: embeddings, heldOut: embeddings.rows(from: 0, 64), batch: Self.batch, seed: 1)
        let training = try TrainingRun(
            trainer, TrainingOptions(folder: folder, length: .steps(1_000_000), batch: Self.batch, learningRate: 1e-3))
        let reference = try Reference.python(root: root).map {
            try Reference(
                python: $0, script: root.appendingPathComponent("Benchmarks/sae_reference.py"),
                arguments: [file.path] + [Self.features, Self.kept, Self.batch, Libtorch.threads].map { String($0) })
        }
        try compare(training, reference)
    }

    /// Random mixtures of some directions, few of them at a time.
    private static func mixture() throws -> Tensor {
        let random = try Generator(seed: 1)
        let directions = try random.normal([parts, width]) * (1 / Double(width).squareRoot())
        let isPresent = try random.uniform([count, parts]).isGreater(than: 0.95).to(.float32)
        return try (isPresent * (random.uniform([count, parts]) + 1)).matmul(directions) + random.normal([count, width]) * 0.01
    }

    private func compare(_ training: TrainingRun, _ reference: Reference?) throws {
        var times: (own: [Double], other: [Double]) = ([], [])
        for _ in 0...Self.rounds {
            let start = ContinuousClock.now
            for _ in 0..<Self.steps { try training.advance() }
            times.own.append((ContinuousClock.now - start) / .milliseconds(1))
            if let reference { times.other.append(try reference.milliseconds(String(Self.steps)) ?? .nan) }
        }
        func rate(_ times: [Double]) -> Double {
            Double(Self.batch * Self.steps) * 1000 / times.dropFirst().sorted()[Self.rounds / 2]
        }
        let own = rate(times.own)
        print("\nTraining a sparse autoencoder, \(Self.width) → \(Self.features) features, \(Self.kept) kept, batches of \(Self.batch)")
        print(String(format: "Fader %.0f embeddings a second", own))
        guard reference != nil else { return }
        let other = rate(times.other)
        let verdict = own >= Self.target * other ? "reached" : "not reached"
        print(String(format: "PyTorch %.0f; Fader is %.2f times as fast; target %.1f: %@", other, own / other, Self.target, verdict))
    }
}
