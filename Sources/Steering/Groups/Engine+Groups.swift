import Networks
import Tensors

extension Engine {
    /// A picture's active features in a few groups that mean about one thing each, the strongest group first.
    /// - Parameters:
    ///   - count: how many groups to make; nil takes what suits.
    ///   - id: the picture.
    public func groups(of id: AnalysisID, count: Int? = nil) throws -> [FeatureGroup] {
        try working { pipeline in
            try FeatureGrouping(pipeline).groups(of: pipeline.features(of: analysis(id)), count: count)
        }
    }

    /// The parts into which a group falls; itself where its features do not differ.
    public func parts(of group: FeatureGroup, count: Int = 2) throws -> [FeatureGroup] {
        try working { try FeatureGrouping($0).parts(of: group, count: count) }
    }

    /// Splits a group of the library into parts, which take its place under its name and a number.
    /// - Returns: the parts; at most one, and nothing is changed, where the group's features do not differ.
    /// - Throws: `LibraryError.nameMissing` when there is no such group.
    public func splitGroup(named name: String, into count: Int = 2, in library: FeatureLibrary) throws -> [FeatureGroup] {
        let parts = try parts(of: library.group(named: name), count: count)
        guard parts.count > 1 else { return parts }
        let named = parts.enumerated().map { FeatureGroup(name: "\(name) \($0 + 1)", members: $1.members) }
        try library.save(named, inPlaceOf: name)
        return named
    }

    /// The features most like some others, those not among them, closest first: by the cosine of their directions, and where a library knows
    /// example pictures, by the mean of that and of the share of these that they have in common.
    public func features(like features: [Int], in library: FeatureLibrary? = nil, count: Int) throws -> [FeatureMatch] {
        try working { pipeline in
            guard !features.isEmpty else { return [] }
            if let stranger = features.first(where: { !(0..<pipeline.autoencoder.count).contains($0) }) {
                throw SteeringError.featureOutOfRange(stranger, count: pipeline.autoencoder.count)
            }
            // Pictures can only move features up that are alike already, so that some more than asked for are looked at.
            let alike = try pipeline.features(alike: features, count: 4 * count)
            let coactivation = try library.map { try Coactivation($0, of: features + alike.map(\.feature)) }
            let matches = alike.map { match in
                FeatureMatch(
                    feature: match.feature, score: coactivation.map { (match.score + $0(match.feature, features)) / 2 } ?? match.score)
            }
            return Array(matches.sorted { $0.score > $1.score }.prefix(count))
        }
    }
}

extension Pipeline {
    /// The features whose directions are closest to the mean direction of some others.
    fileprivate func features(alike features: [Int], count: Int) throws -> [FeatureMatch] {
        let indices = try Tensor(features.map(Int64.init), shape: [features.count]).to(device: device)
        let centre = try autoencoder.directions.selecting(indices).to(.float32).unit().mean([0], keep: true)
        let nearest = try DirectionIndex(autoencoder, isCentred: false).nearest(to: centre, count: features.count + count)
        return Array(nearest.filter { !features.contains($0.feature) }.prefix(count))
    }
}
