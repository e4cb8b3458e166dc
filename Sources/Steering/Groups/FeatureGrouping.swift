import Networks
import Tensors

/// Divides a picture's features into a few groups that mean about one thing each, by the directions in which they move the embedding.
struct FeatureGrouping {
    private let autoencoder: SparseAutoencoder
    private let label: (Int) -> String?

    /// The share of a picture's effects that is grouped, and the most features: the long tail of a large autoencoder says little.
    private static let share: Float = 0.95
    private static let limit = 512

    init(_ pipeline: Pipeline) {
        autoencoder = pipeline.autoencoder
        label = { pipeline.knownFeatures[$0]?.label }
    }

    /// How many groups suit a number of features, unless a number is asked for.
    static func count(for features: Int) -> Int { max(1, min(8, Int(Double(features).squareRoot().rounded()))) }

    /// The groups of the features that carry most of what the picture shows, the strongest group first.
    /// - Parameters:
    ///   - features: strongest effect first, as an analysis has them.
    ///   - count: how many groups to make; nil takes what suits.
    func groups(of features: [Feature], count: Int? = nil) throws -> [FeatureGroup] {
        let strongest = Self.carrying(features)
        return try divided(strongest, into: count ?? Self.count(for: strongest.count))
    }

    /// The parts of a group; itself where its features do not differ.
    func parts(of group: FeatureGroup, count: Int = 2) throws -> [FeatureGroup] {
        let members = group.members.map(\.feature)
        guard let stranger = members.first(where: { !(0..<autoencoder.count).contains($0) }) else {
            let norms = try members.isEmpty ? [] : autoencoder.norms.selecting(indices(members)).floats()
            let features = zip(group.members, norms).map {
                Feature(index: $0.feature, activation: $0.weight, norm: $1, label: label($0.feature))
            }
            return try divided(features, into: count)
        }
        throw SteeringError.featureOutOfRange(stranger, count: autoencoder.count)
    }

    /// The first features that together make up most of the effect.
    private static func carrying(_ features: [Feature]) -> [Feature] {
        let enough = features.reduce(0) { $0 + $1.effect } * share
        var sum: Float = 0
        let carrying = features.prefix { feature in
            defer { sum += feature.effect }
            return sum < enough
        }
        return Array(carrying.prefix(limit))
    }

    private func divided(_ features: [Feature], into count: Int) throws -> [FeatureGroup] {
        guard !features.isEmpty else { return [] }
        let rows = try autoencoder.directions.selecting(indices(features.map(\.index))).to(.float32, device: .cpu)
        let clusters = try SphericalClusters(rows, weights: features.map { abs($0.effect) }, count: count)
        let byCluster = Dictionary(grouping: zip(features, clusters.assignment), by: \.1).mapValues { $0.map(\.0) }
        return byCluster.values.sorted { Self.effect($0) > Self.effect($1) }.map { members in
            FeatureGroup(name: Self.name(members), members: members.map { FeatureGroup.Member(feature: $0.index, weight: $0.activation) })
        }
    }

    private func indices(_ features: [Int]) throws -> Tensor {
        try Tensor(features.map(Int64.init), shape: [features.count]).to(device: autoencoder.directions.device)
    }

    private static func effect(_ features: [Feature]) -> Float { features.reduce(0) { $0 + abs($1.effect) } }

    /// The labels of the two strongest features that have one, or the strongest feature's number.
    private static func name(_ features: [Feature]) -> String {
        var labels: [String] = []
        for label in features.compactMap(\.label) where !labels.contains(label) { labels.append(label) }
        return labels.isEmpty ? "feature \(features[0].index)" : labels.prefix(2).joined(separator: ", ")
    }
}
