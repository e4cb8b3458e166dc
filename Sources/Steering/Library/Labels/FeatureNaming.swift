import Networks
import Tensors

/// How far the naming of a pack's features is, and what the last step of it has found.
public struct NamingStep: Sendable, Equatable {
    /// The new labels, by feature.
    public var labels: [Int: String]
    /// How many phrases and features are done, of `count`.
    public var step, count: Int
    public var isFinished: Bool { step >= count }

    public init(labels: [Int: String] = [:], step: Int = 0, count: Int = 0) {
        (self.labels, self.step, self.count) = (labels, step, count)
    }
}

/// Names those features of a pack that have no label by its vocabulary, as `Engine.label` does, but a little at a time: first all phrases are
/// embedded, and then features are compared with them.
final class FeatureNaming {
    /// What a step found.
    struct Found {
        var features: [NearestPhrases] = []
        var step = NamingStep()
    }

    /// How long a step may take: a picture that is asked for meanwhile waits for it.
    private static let duration = Duration.milliseconds(50)

    let threshold: Float
    private let phrases: [String]
    private let autoencoder: SparseAutoencoder
    /// Held only as long as phrases are embedded.
    private var embedder: TextEmbedder?
    private var embedded: [Tensor] = []
    private var embeddedCount = 0
    private var vectors: Tensor?
    private var index: DirectionIndex?
    /// The features that are still to be compared.
    private var left: Set<Int>
    private let count: Int
    private var order: (analysis: AnalysisID?, features: ArraySlice<Int>)?
    /// How many phrases or features a step takes.
    private var phraseBatch = 1, featureBatch = 16

    /// - Parameters:
    ///   - features: those that have no label.
    ///   - threshold: the cosine below which a feature is unclear; nil means what one in twenty random directions reaches.
    /// - Throws: `SteeringError.packPartMissing` when the pack has no text tower; what `LabelVocabulary` throws.
    init(_ features: [Int], _ pipeline: Pipeline, threshold: Float?) throws {
        phrases = try LabelVocabulary(pack: pipeline.pack).phrases
        embedder = try TextEmbedder(pipeline, makesRoom: false) { _ in }
        autoencoder = pipeline.autoencoder
        self.threshold = threshold ?? AutomaticLabels.threshold(width: pipeline.autoencoder.width, phrases: phrases.count)
        left = Set(features)
        count = phrases.count + features.count
    }

    /// Goes on for a moment.
    /// - Parameters:
    ///   - analysis: the picture whose features are named first.
    ///   - strongest: its features, strongest first.
    func advance(first analysis: AnalysisID?, strongest: () throws -> [Int]) throws -> Found {
        let start = ContinuousClock.now
        var found = Found()
        if let embedder {
            let batch = phrases[embeddedCount..<min(embeddedCount + phraseBatch, phrases.count)]
            embedded.append(try embedder.embeddings(of: Array(batch)))
            embeddedCount += batch.count
            Self.adapt(&phraseBatch, since: start)
            if embeddedCount == phrases.count { try finishEmbedding() }
        } else if let vectors {
            let index = try self.index ?? DirectionIndex(autoencoder, isCentred: true)
            self.index = index
            let next = try takeNext(first: analysis, strongest)
            found.features = try AutomaticLabels.nearest(phrases, vectors, index, of: next)
            Self.adapt(&featureBatch, since: start)
        }
        let clear = found.features.filter { $0.firstScore >= threshold }
        found.step = NamingStep(
            labels: Dictionary(clear.map { ($0.feature, $0.first) }) { first, _ in first },
            step: embeddedCount + (count - phrases.count - left.count), count: count)
        return found
    }

    private func finishEmbedding() throws {
        let all = try Tensor.concatenated(embedded, dimension: 0)
        vectors = try all - all.mean([0], keep: true)
        (embedder, embedded) = (nil, [])
    }

    /// The next features to be named: those of the picture, and then all others by their index.
    private func takeNext(first analysis: AnalysisID?, _ strongest: () throws -> [Int]) throws -> [Int] {
        if order == nil || order?.analysis != analysis {
            let first = try strongest().filter(left.contains)
            let rest = left.subtracting(first).sorted()
            order = (analysis, (first + rest)[...])
        }
        let next = Array(order?.features.prefix(featureBatch) ?? [])
        order?.features.removeFirst(next.count)
        left.subtract(next)
        return next
    }

    private static func adapt(_ batch: inout Int, since start: ContinuousClock.Instant) {
        let taken = ContinuousClock.now - start
        if taken > duration { batch = max(1, batch / 2) } else if taken < duration / 3 { batch = min(2 * batch, 8192) }
    }
}
