import Foundation
import GRDB

/// A direction in the space of embeddings, from what one text stands for to what another does.
public struct TextDirection: Sendable, Equatable {
    public var name: String
    /// The text that it leads away from; nil when it only leads to one.
    public var origin: String?
    /// The text that it leads to.
    public var target: String
    /// How many sentences it is the mean of, and the seed that chose them.
    public var count: Int
    public var seed: UInt64
    /// `[width]` of an image embedding.
    public var vector: [Float]

    public init(name: String, origin: String?, target: String, count: Int, seed: UInt64, vector: [Float]) {
        self.name = name
        self.origin = origin
        self.target = target
        self.count = count
        self.seed = seed
        self.vector = vector
    }
}

extension FeatureLibrary {
    /// All directions, in alphabetical order.
    public func directions() throws -> [TextDirection] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT name, origin, target, count, seed, vector FROM directions ORDER BY name")
                .map(direction)
        }
    }

    /// - Throws: `LibraryError.nameMissing`.
    public func direction(named name: String) throws -> TextDirection {
        try read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT name, origin, target, count, seed, vector FROM directions WHERE name = ?", arguments: [name])
            guard let row else { throw LibraryError.nameMissing(file: url.path, kind: "direction", name: name) }
            return try direction(row)
        }
    }

    /// Keeps a direction, in place of an earlier one of its name.
    /// - Throws: `SteeringError.notFinite`.
    public func save(_ direction: TextDirection) throws {
        guard direction.vector.allSatisfy(\.isFinite) else { throw SteeringError.notFinite(what: "The direction \"\(direction.name)\"") }
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO directions (name, origin, target, count, seed, vector) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    direction.name, direction.origin, direction.target, direction.count, Int64(bitPattern: direction.seed),
                    direction.vector.littleEndianData,
                ])
        }
    }

    /// - Throws: `LibraryError.nameMissing` when there is no such direction, `nameTaken` when there is one of the new name.
    public func renameDirection(_ name: String, to newName: String) throws {
        try rename("directions", kind: "direction", name, to: newName)
    }

    /// - Throws: `LibraryError.nameMissing` when there is no such direction.
    public func deleteDirection(_ name: String) throws { try delete("directions", kind: "direction", name) }

    private func direction(_ row: Row) throws -> TextDirection {
        guard let vector = [Float](littleEndian: try row.decode(atIndex: 5)) else { throw LibraryError.damaged(file: url.path) }
        return TextDirection(
            name: try row.decode(atIndex: 0), origin: try row.decode(atIndex: 1), target: try row.decode(atIndex: 2),
            count: try row.decode(atIndex: 3), seed: UInt64(bitPattern: try row.decode(Int64.self, atIndex: 4)), vector: vector)
    }
}
