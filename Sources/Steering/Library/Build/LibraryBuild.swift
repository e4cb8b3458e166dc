import Foundation
import GRDB
import Tensors

/// What to build a library from.
public struct LibraryBuildRequest: Sendable {
    public var source: LibrarySource
    public var shard: LibraryShard
    /// How often what has been counted is saved: that much work is lost when the program is killed.
    public var saveInterval: Duration

    public init(_ source: LibrarySource, shard: LibraryShard = .whole, saveInterval: Duration = .seconds(15)) {
        self.source = source
        self.shard = shard
        self.saveInterval = saveInterval
    }
}

/// What came of building.
public struct LibraryBuildSummary: Sendable, Equatable {
    /// How many pictures or embeddings were counted, in all parts of the work together.
    public var embeddings: Int
    /// How many features are active in at least one of them.
    public var activeFeatures: Int
    /// Pictures that could not be read in this part of the work, each in a sentence.
    public var unreadable: [String]
}

/// Counts every feature's activations over many pictures, in bounded memory: about 600 bytes for each feature, and one batch.
///
/// What has been counted is saved now and then, whole, with how far the work is: whenever it is cut off, it goes on from there.
struct LibraryBuild {
    let library: FeatureLibrary
    let networks: ResidentNetworks
    let material: any PictureMaterial
    let request: LibraryBuildRequest

    /// How many features are counted and saved as one.
    static let chunk = 1024

    /// - Throws: `LibraryError.otherBuild` when the library has an unfinished build from other pictures.
    func run(_ progress: (WorkProgress) -> Void) throws -> LibraryBuildSummary {
        var state = try library.buildState() ?? LibraryBuildState(material, request.shard)
        if state.isFinished && !state.is(material, request.shard) { state = LibraryBuildState(material, request.shard) }
        guard state.is(material, request.shard) else { throw LibraryError.otherBuild(file: library.url.path) }
        let unreadable = state.isFinished ? [] : try count(&state, progress)
        return LibraryBuildSummary(embeddings: state.embeddings, activeFeatures: try library.activeFeatureCount(), unreadable: unreadable)
    }

    private func count(_ state: inout LibraryBuildState, _ progress: (WorkProgress) -> Void) throws -> [String] {
        let range = request.shard.range(of: material.count)
        var tallies = try state.next == range.lowerBound ? freshTallies : library.savedTallies()
        var pictures: [LibraryPicture] = []
        var unreadable: [String] = []
        var saved = ContinuousClock.now
        let batchSize = material.batchSize(featureCount: networks.autoencoder.count)
        do {
            while state.next < range.upperBound {
                try Task.checkCancellation()
                progress(WorkProgress(.embedding, step: state.next - range.lowerBound, count: range.count))
                let batch = try material.embedded(state.next..<min(state.next + batchSize, range.upperBound))
                pictures += try count(batch, &tallies)
                unreadable += batch.unreadable
                state.advance(by: batch)
                if ContinuousClock.now - saved >= request.saveInterval {
                    try library.save(state, tallies, pictures)
                    pictures = []
                    saved = .now
                }
            }
        } catch let error as CancellationError {
            try library.save(state, tallies, pictures)
            throw error
        }
        progress(WorkProgress(.embedding, step: range.count, count: range.count))
        state.isFinished = true
        try library.publish(state, tallies, pictures, norms: networks.autoencoder.norms.floats())
        return unreadable
    }

    private var freshTallies: [ActivationTally] {
        let count = networks.autoencoder.count
        return stride(from: 0, to: count, by: Self.chunk).map { ActivationTally($0..<min($0 + Self.chunk, count)) }
    }

    /// - Returns: the pictures that are now among the strongest of a feature.
    private func count(_ batch: EmbeddedBatch, _ tallies: inout [ActivationTally]) throws -> [LibraryPicture] {
        if batch.places.isEmpty { return [] }
        let encoded = try networks.activations(of: batch.embeddings)
        let activations = try encoded.transposed().contiguous().floats()
        var entered: Set<Int> = []
        for place in tallies.indices {
            let range = tallies[place].range
            activations.withUnsafeBufferPointer { all in
                let part = all[range.lowerBound * batch.places.count..<range.upperBound * batch.places.count]
                entered.formUnion(tallies[place].count(UnsafeBufferPointer(rebasing: part), of: batch.places))
            }
        }
        return try batch.places.indices.filter { entered.contains(batch.places[$0]) }.map { try batch.picture($0) }
    }
}

/// Which pictures a library is built from, and how far the build is.
struct LibraryBuildState: Equatable {
    let source: String
    let path: String
    let count: Int
    let shard: LibraryShard
    /// The first picture that has not been looked at.
    private(set) var next: Int
    /// How many could be counted.
    private(set) var embeddings: Int
    var isFinished = false

    init(_ material: any PictureMaterial, _ shard: LibraryShard) {
        (source, path, count) = (material.identity, material.path, material.count)
        self.shard = shard
        next = shard.range(of: material.count).lowerBound
        embeddings = 0
    }

    /// All shards of one build joined.
    init(joining shards: [LibraryBuildState], of first: LibraryBuildState) {
        (source, path, count, shard, next) = (first.source, first.path, first.count, .whole, first.count)
        embeddings = shards.reduce(0) { $0 + $1.embeddings }
        isFinished = true
    }

    /// Nil when the row holds what cannot be.
    init?(_ row: Row) throws {
        guard let shard = LibraryShard(number: try row.decode(atIndex: 3), of: try row.decode(atIndex: 4)) else { return nil }
        self.shard = shard
        (source, path, count) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1), try row.decode(atIndex: 2))
        (next, embeddings, isFinished) = (try row.decode(atIndex: 5), try row.decode(atIndex: 6), try row.decode(atIndex: 7))
        guard 1...Int(UInt32.max) ~= count, shard.range(of: count).lowerBound...shard.range(of: count).upperBound ~= next else {
            return nil
        }
    }

    func `is`(_ material: any PictureMaterial, _ shard: LibraryShard) -> Bool {
        source == material.identity && count == material.count && self.shard == shard
    }

    mutating func advance(by batch: EmbeddedBatch) {
        next += batch.places.count + batch.unreadable.count
        embeddings += batch.places.count
    }
}
