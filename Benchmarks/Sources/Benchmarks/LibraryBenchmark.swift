import Foundation
import Steering
import Tensors

/// Times a feature library of published size: 163,840 features of embeddings of 1,280 numbers.
///
/// The pack is the demo's with another sparse autoencoder, of random numbers; labels are made of everyday words.
struct LibraryBenchmark {
    private static let features = 163_840
    private static let width = 1280
    /// How many embeddings the published library was built from.
    private static let published = 1_400_000

    private let demo: URL
    private let folder: URL

    static func run(_ root: URL) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fader-benchmark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        print("\nA feature library of \(features) features")
        let benchmark = LibraryBenchmark(demo: root.appendingPathComponent("assets/demo"), folder: folder)
        try await benchmark.search()
        try await benchmark.build()
    }

    private func search() async throws {
        // Only the number of features counts here.
        let pack = try pack("narrow", width: 2)
        try label(FeatureLibrary(of: pack))
        try await Stopwatch(runs: 9).measure("opening, with the first hundred features") {
            _ = try FeatureLibrary(of: pack).features(orderedBy: .maximum, count: 100)
        }
        let library = try FeatureLibrary(of: pack)
        for words in ["two of", "night sky", "s", "two"] {
            try await Stopwatch(runs: 25).measure("searching \"\(words)\"") { _ = try library.features(matching: words, count: 100) }
        }
        try await Stopwatch(runs: 25).measure("counting what \"s\" finds") { _ = try library.count(matching: "s") }
        try await Stopwatch(runs: 25).measure("the hundred features from the middle on, by density") {
            _ = try library.features(orderedBy: .density, from: Self.features / 2, count: 100)
        }
    }

    /// Labels of two to four words for all features.
    private func label(_ library: FeatureLibrary) throws {
        let words = "two three night sky red blue green small large bird house tree water sun stripes of on with border centre snow rain"
            .split(
                separator: " ")
        var generator = Numbers(state: 1)
        let labels = (0..<Self.features).map { feature in
            let count = 2 + generator.next(below: 3)
            return (
                feature, label: Optional((0..<count).map { _ in String(words[generator.next(below: words.count)]) }.joined(separator: " "))
            )
        }
        try library.setLabels(labels)
    }

    private func build() async throws {
        let pack = try pack("wide", width: Self.width)
        let count = 1024
        let file = folder.appendingPathComponent("embeddings.safetensors")
        try SafetensorsWriter.write([(name: "embeddings", tensor: random([count, Self.width], seed: 3).to(.float16))], to: file)
        let library = try FeatureLibrary(of: pack)
        let marks = Marks()
        let start = ContinuousClock.now
        let summary = try await Engine().build(library, of: pack, LibraryBuildRequest(.embeddings(file))) { progress in
            if progress.step == 0 { marks.set(\.first) }
            if progress.step == progress.count { marks.set(\.last) }
        }
        guard let first = marks.values.first, let last = marks.values.last else { return }
        let rate = Double(count) / ((last - first) / .seconds(1))
        print(
            String(
                format: "loading %.1f s, counting %.0f embeddings/s, publishing %.1f s; %d features fire",
                (first - start) / .seconds(1), rate, (ContinuousClock.now - last) / .seconds(1), summary.activeFeatures))
        print(
            String(
                format: "%d embeddings would take %.1f hours here, or that divided by the number of shards",
                Self.published, Double(Self.published) / rate / 3600))
    }

    /// The demo pack with another autoencoder.
    private func pack(_ name: String, width: Int) throws -> Pack {
        let place = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: place.appendingPathComponent("sae"), withIntermediateDirectories: true)
        for part in ["prior", "decoder"] {
            try FileManager.default.createSymbolicLink(
                at: place.appendingPathComponent(part), withDestinationURL: demo.appendingPathComponent(part))
        }
        let decoder = try random([width, Self.features], seed: 1).to(.float16)
        try SafetensorsWriter.write(
            [
                (name: "encoder.weight", tensor: try decoder.transposed().contiguous()), (name: "decoder.weight", tensor: decoder),
                (name: "enc_bias", tensor: try Tensor.full([Self.features], -2 * Double(width).squareRoot(), type: .float16)),
                (name: "dec_bias", tensor: try Tensor.zeros([width], type: .float16)),
            ], to: place.appendingPathComponent("sae/model.safetensors"))
        return try Pack(place)
    }

    private func random(_ shape: [Int], seed: UInt64) throws -> Tensor { try Generator(seed: seed).normal(shape) }
}

/// When something happened.
private final class Marks: @unchecked Sendable {
    struct Values {
        var first, last: ContinuousClock.Instant?
    }

    // Touched only under `lock`.
    private var stored = Values()
    private let lock = NSLock()

    var values: Values { lock.withLock { stored } }

    func set(_ mark: WritableKeyPath<Values, ContinuousClock.Instant?>) { lock.withLock { stored[keyPath: mark] = .now } }
}

/// A linear congruential generator: the same labels on every run.
private struct Numbers {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
}
