import GRDB

extension Engine {
    /// Names some of the open pack's features that have no label by its vocabulary, for about a twentieth of a second, and goes on with the next
    /// call; done when nothing is left, or where the pack has no text tower.
    ///
    /// Labels are kept in the pack's library; where that cannot be written, they are known as long as the pack is open.
    /// - Parameters:
    ///   - analysis: the picture whose strongest features are named first.
    ///   - threshold: the cosine below which a feature is unclear; nil means what one in twenty random directions reaches.
    /// - Throws: `SteeringError.noPack`; `CancellationError`.
    public nonisolated func nameFeatures(first analysis: AnalysisID?, threshold: Float? = nil) async throws -> NamingStep {
        let step = try await nameSome(first: analysis, threshold: threshold)
        if !step.found.features.isEmpty {
            do {
                try library().add(step.found.features, threshold: step.threshold)
            } catch {
                log("labels are not kept: \(error)")
            }
        }
        return step.found.step
    }

    private func nameSome(first analysis: AnalysisID?, threshold: Float?) throws -> (found: FeatureNaming.Found, threshold: Float) {
        try working { pipeline in
            do {
                guard let naming = try namingUnderWay(pipeline, threshold) else { return (FeatureNaming.Found(), 0) }
                let found = try naming.advance(first: analysis) {
                    guard let analysis, let held = try? self.analysis(analysis) else { return [] }
                    return try pipeline.features(of: held).map(\.index)
                }
                pipeline.knownFeatures.add(found.step.labels)
                if found.step.isFinished { pipeline.naming = .finished }
                return (found, naming.threshold)
            } catch let error as CancellationError {
                throw error
            } catch {
                // Nobody has asked for it.
                log("features are not named: \(error)")
                pipeline.naming = .finished
                return (FeatureNaming.Found(), 0)
            }
        }
    }

    /// What names the pack's features; nil when there is nothing to name, or nothing to name it by.
    private func namingUnderWay(_ pipeline: Pipeline, _ threshold: Float?) throws -> FeatureNaming? {
        switch pipeline.naming {
        case .underWay(let naming): return naming
        case .finished: return nil
        case .notBegun:
            pipeline.naming = .finished
            let unlabelled = (0..<pipeline.autoencoder.count).filter { pipeline.knownFeatures[$0]?.label == nil }
            guard !unlabelled.isEmpty, (try? pipeline.pack.weightFile(of: .textEncoder)) != nil else { return nil }
            let features = (try? library().unnamedFeatures()) ?? unlabelled
            if features.isEmpty { return nil }
            let naming = try FeatureNaming(features, pipeline, threshold: threshold)
            pipeline.naming = .underWay(naming)
            return naming
        }
    }
}

extension Pipeline {
    /// Whether features without a label are named by the vocabulary.
    enum Naming {
        case notBegun
        case underWay(FeatureNaming)
        case finished
    }
}

extension FeatureLibrary {
    /// Live features, or those of which nothing is known, that have no label and have not been compared with words.
    func unnamedFeatures() throws -> [Int] {
        try read { database in
            try Int.fetchAll(
                database,
                sql: """
                    SELECT id FROM features
                    WHERE label IS NULL AND user_label IS NULL AND runner_up IS NULL AND coalesce(maximum, 1) > 0 ORDER BY id
                    """)
        }
    }

    /// Gives features that have no label those that words suggest, and notes the nearest words of those that stay unclear.
    func add(_ found: [NearestPhrases], threshold: Float) throws {
        try write { database in
            let update = try database.makeStatement(
                sql: """
                    UPDATE features SET label = ?, label_source = 'words', score = ?, runner_up = ?, runner_up_score = ?
                    WHERE id = ? AND label IS NULL
                    """)
            for item in found {
                try update.execute(
                    arguments: item.firstScore >= threshold
                        ? [item.first, item.firstScore, item.second, item.secondScore, item.feature]
                        : [nil, nil, item.first, item.firstScore, item.feature])
            }
        }
    }
}

extension Engine {
    /// What some features stand for, those of which the pack's library knows it.
    public func labels(of features: some Sequence<Int> & Sendable) throws -> [Int: String] {
        try working { pipeline in
            features.reduce(into: [:]) { labels, feature in labels[feature] = pipeline.knownFeatures[feature]?.label }
        }
    }
}
