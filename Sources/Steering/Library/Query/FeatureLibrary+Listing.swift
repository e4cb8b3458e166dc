import Foundation

extension FeatureLibrary {
    /// The features that are active in some picture, highest maximum first; all where their maxima are not known.
    func activeFeatures() throws -> [Int] {
        try features(orderedBy: .maximum, count: featureCount).filter { $0.maximum.map { $0 > 0 } ?? true }.map(\.index)
    }

    /// A page of the features that match a query's text, in one of the library's own orders.
    func page(_ query: FeatureQuery, by order: FeatureOrder) throws -> FeaturePage {
        let start = query.page * FeatureQuery.pageSize
        let found = try features(matching: query.text, orderedBy: order, from: start, count: FeatureQuery.pageSize)
        return FeaturePage(features: found.map { ListedFeature($0) }, count: try count(matching: query.text))
    }

    /// A page of some matches, in their order: those whose labels have every word of a query's text.
    func page(_ query: FeatureQuery, among matches: [FeatureMatch]) throws -> FeaturePage {
        let words = query.text.split(separator: " ")
        let scores = Dictionary(matches.map { ($0.feature, $0.score) }, uniquingKeysWith: { first, _ in first })
        let fitting = try features(matches.map(\.feature)).map { ListedFeature($0, score: scores[$0.index]) }
            .filter { feature in words.allSatisfy { (feature.label ?? "").localizedCaseInsensitiveContains($0) } }
        let start = min(query.page * FeatureQuery.pageSize, fitting.count)
        return FeaturePage(features: Array(fitting[start...].prefix(FeatureQuery.pageSize)), count: fitting.count)
    }
}

extension ListedFeature {
    init(_ feature: LibraryFeature, score: Float? = nil) {
        self.init(
            index: feature.index, label: feature.label, density: feature.density, maximum: feature.maximum, mean: feature.mean,
            norm: feature.norm, score: score)
    }
}
