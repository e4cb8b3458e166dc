import Foundation
import GRDB

/// Joins libraries that were built from the shards of one set of pictures: the result is the same as of one build from all.
public enum LibraryMerge {
    /// Puts the statistics, examples and pictures of all shards into the library at `url`, in place of those that it has; it is made if it is not
    /// there. What the user has made in it stays: labels, groups, directions and icons.
    /// - Returns: how many pictures were counted, and how many features are active.
    /// - Throws: `LibraryError` when a shard is missing, unfinished, given twice or of something else.
    public static func join(
        _ shards: [URL], into url: URL, progress: (WorkProgress) -> Void = { _ in }
    ) throws -> LibraryBuildSummary {
        let parts = try Self.parts(shards)
        let library = try FeatureLibrary(parts[0].identity, at: url)
        let state = LibraryBuildState(joining: parts.map(\.state), of: parts[0].state)
        try library.write { database in
            try database.execute(
                sql: """
                    DELETE FROM examples; DELETE FROM histograms; DELETE FROM pictures; DELETE FROM tallies; DELETE FROM candidates
                    """)
            for first in stride(from: 0, to: library.featureCount, by: LibraryBuild.chunk) {
                try Task.checkCancellation()
                progress(WorkProgress(.loading, step: first, count: library.featureCount))
                let range = first..<min(first + LibraryBuild.chunk, library.featureCount)
                var tally = ActivationTally(range)
                for part in parts { tally.add(try part.library.publishedTally(range)) }
                try FeatureLibrary.publish(tally, of: state.embeddings, database)
            }
            for part in parts { try part.library.copyPictures(to: database) }
            try parts[0].library.copyDescriptions(to: database)
            try FeatureLibrary.enter(state, database)
        }
        return LibraryBuildSummary(embeddings: state.embeddings, activeFeatures: try library.activeFeatureCount(), unreadable: [])
    }

    private struct Part {
        let library: FeatureLibrary
        let identity: LibraryIdentity
        let state: LibraryBuildState
    }

    /// All shards of one build, in their order.
    private static func parts(_ urls: [URL]) throws -> [Part] {
        let parts = try urls.map(Self.part)
        guard let first = parts.first else { return [] }
        for part in parts.dropFirst() {
            guard part.identity == first.identity, part.state.source == first.state.source, part.state.count == first.state.count,
                part.state.shard.count == first.state.shard.count
            else { throw LibraryError.unrelatedShard(file: part.library.url.path, other: first.library.url.path) }
        }
        let byNumber = Dictionary(grouping: parts) { $0.state.shard.number }
        if let twice = byNumber.filter({ $0.value.count > 1 }).min(by: { $0.key < $1.key }) {
            throw LibraryError.shardTwice(twice.key, files: twice.value.map(\.library.url.path))
        }
        let missing = (1...first.state.shard.count).filter { byNumber[$0] == nil }
        guard missing.isEmpty else { throw LibraryError.shardsMissing(missing, of: first.state.shard.count) }
        return parts.sorted { $0.state.shard.number < $1.state.shard.number }
    }

    private static func part(_ url: URL) throws -> Part {
        let library = try FeatureLibrary(nil, at: url)
        guard let state = try library.buildState() else { throw LibraryError.notAShard(file: url.path) }
        guard state.isFinished else {
            let range = state.shard.range(of: state.count)
            throw LibraryError.unfinished(file: url.path, done: state.next - range.lowerBound, of: range.count)
        }
        return Part(library: library, identity: try library.identity(), state: state)
    }
}

extension FeatureLibrary {
    /// What a finished build has counted of some features.
    fileprivate func publishedTally(_ range: Range<Int>) throws -> ActivationTally {
        let bounds: StatementArguments = [range.lowerBound, range.upperBound]
        return try read { database in
            var tally = ActivationTally(range)
            let statistics = try Row.fetchCursor(
                database,
                sql: """
                    SELECT id, fired, sum, counts FROM features JOIN histograms ON feature = id WHERE fired > 0 AND id >= ? AND id < ?
                    """,
                arguments: bounds)
            while let row = try statistics.next() {
                guard let histogram = ActivationHistogram(try row.decode(Data.self, atIndex: 3)) else {
                    throw DatabaseError(resultCode: .SQLITE_CORRUPT)
                }
                tally.take(
                    try row.decode(Int.self, atIndex: 0), fired: try row.decode(atIndex: 1), sum: try row.decode(atIndex: 2), histogram)
            }
            let examples = try Row.fetchCursor(
                database, sql: "SELECT feature, activation, picture FROM examples WHERE feature >= ? AND feature < ?", arguments: bounds)
            while let row = try examples.next() {
                tally.take(
                    try row.decode(Int.self, atIndex: 0), activation: try row.decode(atIndex: 1), picture: try row.decode(atIndex: 2))
            }
            return tally
        }
    }

    /// Copies the pictures that are examples there.
    fileprivate func copyPictures(to target: Database) throws {
        let shown = try Set(Int.fetchCursor(target, sql: "SELECT DISTINCT picture FROM examples"))
        let insert = try target.cachedStatement(
            sql: "INSERT OR REPLACE INTO pictures (id, path, sha256, thumbnail, embedding) VALUES (?, ?, ?, ?, ?)")
        try read { source in
            let rows = try Row.fetchCursor(source, sql: "SELECT id, path, sha256, thumbnail, embedding FROM pictures")
            while let row = try rows.next() {
                if shown.contains(try row.decode(atIndex: 0)) { try insert.execute(arguments: StatementArguments(row.databaseValues)) }
            }
        }
    }

    /// Copies labels and norms that are missing there.
    fileprivate func copyDescriptions(to target: Database) throws {
        let update = try target.cachedStatement(
            sql: """
                UPDATE features SET norm = coalesce(?, norm), label = coalesce(label, ?), label_source = coalesce(label_source, ?),
                    score = coalesce(score, ?), user_label = coalesce(user_label, ?) WHERE id = ?
                """)
        try read { source in
            let rows = try Row.fetchCursor(source, sql: "SELECT norm, label, label_source, score, user_label, id FROM features")
            while let row = try rows.next() { try update.execute(arguments: StatementArguments(row.databaseValues)) }
            let digest = try String.fetchOne(source, sql: "SELECT names_digest FROM library")
            try target.execute(sql: "UPDATE library SET names_digest = coalesce(names_digest, ?)", arguments: [digest])
        }
    }
}
