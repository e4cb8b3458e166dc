import Foundation
import Steering
import Synchronization
import Tensors
import TestSupport

/// A copy of the pack "square", of 64 features, for tests that write into it.
struct LibraryPack: Sendable {
    let folder: TemporaryFolder
    let pack: Pack

    init(_ reference: ReferencePack = .square) throws {
        folder = try TemporaryFolder()
        pack = try Pack(reference.copy(in: folder))
    }

    /// With the text part.
    init(text: ()) throws {
        folder = try TemporaryFolder()
        pack = try Pack(TextReference.pack(in: folder))
    }

    private init(_ folder: TemporaryFolder, _ pack: Pack) {
        self.folder = folder
        self.pack = pack
    }

    /// After its pack.json has changed.
    func reread() throws -> LibraryPack { LibraryPack(folder, try Pack(pack.folder)) }

    func library(_ name: String? = nil) throws -> FeatureLibrary {
        try FeatureLibrary(of: pack, at: name.map(folder.url.appendingPathComponent))
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: pack.folder.appendingPathComponent(name))
    }

    /// A file of random embeddings, as wide as the pack's, and these as rows.
    func embeddings(_ count: Int, seed: UInt64 = 1) throws -> (file: URL, rows: [[Float]]) {
        var generator = SeededGenerator(seed: seed)
        let width = try width
        let rows = (0..<count).map { _ in (0..<width).map { _ in Float.random(in: -2...2, using: &generator) } }
        let file = folder.url.appendingPathComponent("embeddings-\(count)-\(seed).safetensors")
        try SafetensorsWriter.write([(name: "embeddings", tensor: Tensor(rows.flatMap { $0 }, shape: [count, width]))], to: file)
        return (file, rows)
    }

    var width: Int {
        get throws {
            try SafetensorsFile(contentsOf: pack.folder.appendingPathComponent("sae/model.safetensors")).entry("encoder.weight")?.shape[1]
                ?? 0
        }
    }

    /// Builds on the CPU, saving at every batch.
    @discardableResult
    func build(
        _ library: FeatureLibrary, _ source: LibrarySource, shard: LibraryShard = .whole,
        progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> LibraryBuildSummary {
        let request = LibraryBuildRequest(source, shard: shard, saveInterval: .zero)
        return try await Engine(threads: 1).build(library, of: pack, request, device: "cpu", dataType: "float32", progress: progress)
    }
}

/// Everything that a build counts, for comparing libraries.
struct CountedFeatures: Equatable {
    let features: [LibraryFeature]
    let examples: [[FeatureExample]]
    let histograms: [ActivationHistogram?]
    let total: Int

    init(_ library: FeatureLibrary) throws {
        features = try library.features(orderedBy: .index, count: library.featureCount)
        examples = try features.map { try library.examples(of: $0.index) }
        histograms = try features.map { try library.histogram(of: $0.index) }
        total = try library.builtFromCount()
    }
}

/// Counts calls that may come from any thread.
final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func increase() { count.withLock { $0 += 1 } }
}
