extension Engine {
    /// What some features stand for, those of which the pack's library knows it.
    public func labels(of features: some Sequence<Int> & Sendable) throws -> [Int: String] {
        try working { pipeline in
            features.reduce(into: [:]) { labels, feature in labels[feature] = pipeline.knownFeatures[feature]?.label }
        }
    }
}
