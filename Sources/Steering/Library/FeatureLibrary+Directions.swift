import Foundation
import GRDB

extension FeatureLibrary {
    /// All directions, in alphabetical order.
    public func directions() throws -> [Direction] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT name, origin, target, count, seed, vector FROM directions ORDER BY name")
                .map(direction)
        }
    }

    /// - Throws: `LibraryError.nameMissing`.
    public func direction(named name: String) throws -> Direction {
        try read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT name, origin, target, count, seed, vector FROM directions WHERE name = ?", arguments: [name])
            guard let row else { throw LibraryError.nameMissing(file: url.path, kind: "direction", name: name) }
            return try direction(row)
        }
    }

    /// Saves a direction, replacing an earlier one of its name.
    /// - Throws: `SteeringError.notFinite`.
    public func save(_ direction: Direction) throws {
        guard direction.vector.allSatisfy(\.isFinite) else { throw SteeringError.notFinite(what: "The direction \"\(direction.name)\"") }
        let definition = direction.definition ?? Direction.Definition(to: "", count: 0, seed: 0)
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO directions (name, origin, target, count, seed, vector) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    direction.name, definition.from, definition.to, definition.count, Int64(bitPattern: definition.seed),
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

    private func direction(_ row: Row) throws -> Direction {
        guard let vector = [Float](littleEndian: try row.decode(atIndex: 5)) else { throw LibraryError.damaged(file: url.path) }
        let definition = Direction.Definition(
            from: try row.decode(atIndex: 1), to: try row.decode(atIndex: 2), count: try row.decode(atIndex: 3),
            seed: UInt64(bitPattern: try row.decode(Int64.self, atIndex: 4)))
        return Direction(name: try row.decode(atIndex: 0), vector: vector, definition: definition.count == 0 ? nil : definition)
    }
}
