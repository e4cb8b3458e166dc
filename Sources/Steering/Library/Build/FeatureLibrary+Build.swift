import Foundation
import GRDB

/// How a build keeps what it has counted, and publishes it when it is done.
extension FeatureLibrary {
    /// How many features are active in at least one of the pictures that the library was built from.
    public func activeFeatureCount() throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM features WHERE maximum > 0") ?? 0 }
    }

    /// How many pictures the statistics are of; 0 when the library has not been built.
    public func builtFromCount() throws -> Int {
        try buildState().map { $0.isFinished ? $0.embeddings : 0 } ?? 0
    }

    /// Nil when nothing has been built.
    func buildState() throws -> LibraryBuildState? {
        let sql = "SELECT source, source_path, source_count, shard, shard_count, next, embeddings, is_finished FROM build"
        return try read { database in
            guard let row = try Row.fetchOne(database, sql: sql) else { return nil }
            guard let state = try LibraryBuildState(row) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            return state
        }
    }

    /// What `save` saved.
    func savedTallies() throws -> [ActivationTally] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT first, counts FROM tallies ORDER BY first").map { row in
                let first = try row.decode(Int.self, atIndex: 0)
                let range = first..<min(first + LibraryBuild.chunk, featureCount)
                guard !range.isEmpty, let tally = ActivationTally(range, try row.decode(atIndex: 1)) else {
                    throw DatabaseError(resultCode: .SQLITE_CORRUPT)
                }
                return tally
            }
        }
    }

    /// Saves what has been counted so far; the statistics that the library shows stay as they are.
    func save(_ state: LibraryBuildState, _ tallies: [ActivationTally], _ pictures: [LibraryPicture]) throws {
        try write { database in
            try database.execute(sql: "DELETE FROM tallies")
            let insert = try database.makeStatement(sql: "INSERT INTO tallies (first, counts) VALUES (?, ?)")
            for tally in tallies { try insert.execute(arguments: [tally.range.lowerBound, tally.data]) }
            try Self.insert(pictures, into: "candidates", database)
            try Self.enter(state, database)
        }
    }

    /// Shows what has been counted in place of all earlier statistics and examples.
    func publish(_ state: LibraryBuildState, _ tallies: [ActivationTally], _ pictures: [LibraryPicture], norms: [Float]) throws {
        try write { database in
            try Self.insert(pictures, into: "candidates", database)
            try database.execute(sql: "DELETE FROM examples; DELETE FROM histograms; DELETE FROM pictures; DELETE FROM tallies")
            for tally in tallies { try Self.publish(tally, of: state.embeddings, database) }
            let norm = try database.makeStatement(sql: "UPDATE features SET norm = ? WHERE id = ?")
            for (feature, length) in norms.enumerated() { try norm.execute(arguments: [length, feature]) }
            try database.execute(
                sql: """
                    INSERT INTO pictures SELECT * FROM candidates WHERE id IN (SELECT picture FROM examples);
                    DELETE FROM candidates
                    """)
            try Self.enter(state, database)
        }
    }

    /// - Parameter total: how many pictures were counted.
    static func publish(_ tally: ActivationTally, of total: Int, _ database: Database) throws {
        let statistics = try database.cachedStatement(
            sql: "UPDATE features SET fired = ?, sum = ?, density = ?, mean = ?, maximum = ? WHERE id = ?")
        let histogram = try database.cachedStatement(sql: "INSERT INTO histograms (feature, counts) VALUES (?, ?)")
        let example = try database.cachedStatement(
            sql: "INSERT INTO examples (feature, rank, activation, picture) VALUES (?, ?, ?, ?)")
        for (place, feature) in tally.range.enumerated() {
            let (fired, sum, examples) = (tally.fired[place], tally.sums[place], tally.examples(of: feature))
            try statistics.execute(arguments: [
                fired, sum, Double(fired) / Double(max(total, 1)), sum / ActivationTally.unit / Double(max(fired, 1)),
                examples.first?.activation ?? 0, feature,
            ])
            if fired > 0 { try histogram.execute(arguments: [feature, tally.histogram(of: feature).data]) }
            for (rank, item) in examples.enumerated() {
                try example.execute(arguments: [feature, rank + 1, item.activation, item.picture])
            }
        }
    }

    static func enter(_ state: LibraryBuildState, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO build (id, source, source_path, source_count, shard, shard_count, next, embeddings, is_finished)
                VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                state.source, state.path, state.count, state.shard.number, state.shard.count, state.next, state.embeddings,
                state.isFinished,
            ])
    }

    static func insert(_ pictures: [LibraryPicture], into table: String, _ database: Database) throws {
        let insert = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO \(table) (id, path, sha256, thumbnail, embedding) VALUES (?, ?, ?, ?, ?)")
        for picture in pictures {
            try insert.execute(arguments: [picture.place, picture.path, picture.sha256, picture.thumbnail, picture.embedding])
        }
    }
}
