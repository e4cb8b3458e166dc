import GRDB

/// Features under one name, which one slider moves together.
public struct FeatureGroup: Sendable, Equatable, Codable {
    /// A feature of a group, and how far it moves with the group's slider.
    public struct Member: Sendable, Equatable, Codable {
        public var feature: Int
        /// The activation that the group at full strength adds.
        public var weight: Float

        public init(feature: Int, weight: Float = 1) {
            self.feature = feature
            self.weight = weight
        }
    }

    public var name: String
    /// The strongest first.
    public var members: [Member]

    public init(name: String, members: [Member]) {
        self.name = name
        self.members = members
    }

    /// Features that move by one unit of activation each.
    public init(name: String, features: [Int]) {
        self.init(name: name, members: features.map { Member(feature: $0) })
    }
}

extension FeatureLibrary {
    /// All groups, in alphabetical order.
    public func groups() throws -> [FeatureGroup] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT id, name FROM groups ORDER BY name").map { row in
                FeatureGroup(
                    name: try row.decode(atIndex: 1), members: try Self.members(of: try row.decode(atIndex: 0), database))
            }
        }
    }

    /// - Throws: `LibraryError.nameMissing`.
    public func group(named name: String) throws -> FeatureGroup {
        try read { database in
            guard let id = try Int.fetchOne(database, sql: "SELECT id FROM groups WHERE name = ?", arguments: [name]) else {
                throw LibraryError.nameMissing(file: url.path, kind: "group", name: name)
            }
            return FeatureGroup(name: name, members: try Self.members(of: id, database))
        }
    }

    /// Saves a group, replacing an earlier one of its name.
    /// - Throws: `SteeringError.featureOutOfRange`; `SteeringError.notFinite` for a weight.
    public func save(_ group: FeatureGroup) throws { try save([group]) }

    /// Saves groups, each replacing an earlier one of its name: all or none.
    /// - Parameters:
    ///   - groups: what to save.
    ///   - name: a group that is removed at the same time; nil for none.
    /// - Throws: what `save(_:)` throws of each.
    public func save(_ groups: [FeatureGroup], inPlaceOf name: String? = nil) throws {
        for member in groups.flatMap(\.members) {
            try require(member.feature)
            guard member.weight.isFinite else { throw SteeringError.notFinite(what: "The weight of feature \(member.feature)") }
        }
        try write { database in
            if let name { try database.execute(sql: "DELETE FROM groups WHERE name = ?", arguments: [name]) }
            for group in groups { try Self.insert(group, database) }
        }
    }

    private static func insert(_ group: FeatureGroup, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM groups WHERE name = ?", arguments: [group.name])
        try database.execute(sql: "INSERT INTO groups (name) VALUES (?)", arguments: [group.name])
        let id = database.lastInsertedRowID
        for (place, member) in group.members.enumerated() {
            try database.execute(
                sql: "INSERT INTO group_members (group_id, place, feature, weight) VALUES (?, ?, ?, ?)",
                arguments: [id, place, member.feature, member.weight])
        }
    }

    /// - Throws: `LibraryError.nameMissing` when there is no such group, `nameTaken` when there is one of the new name.
    public func renameGroup(_ name: String, to newName: String) throws { try rename("groups", kind: "group", name, to: newName) }

    /// - Throws: `LibraryError.nameMissing` when there is no such group.
    public func deleteGroup(_ name: String) throws { try delete("groups", kind: "group", name) }

    private static func members(of group: Int, _ database: Database) throws -> [FeatureGroup.Member] {
        try Row.fetchAll(database, sql: "SELECT feature, weight FROM group_members WHERE group_id = ? ORDER BY place", arguments: [group])
            .map { FeatureGroup.Member(feature: try $0.decode(atIndex: 0), weight: try $0.decode(atIndex: 1)) }
    }

    func rename(_ table: String, kind: String, _ name: String, to newName: String) throws {
        try write { database in
            if name != newName, try Self.has(newName, table, database) {
                throw LibraryError.nameTaken(file: url.path, kind: kind, name: newName)
            }
            try database.execute(sql: "UPDATE \(table) SET name = ? WHERE name = ?", arguments: [newName, name])
            if database.changesCount == 0 { throw LibraryError.nameMissing(file: url.path, kind: kind, name: name) }
        }
    }

    func delete(_ table: String, kind: String, _ name: String) throws {
        try write { database in
            try database.execute(sql: "DELETE FROM \(table) WHERE name = ?", arguments: [name])
            if database.changesCount == 0 { throw LibraryError.nameMissing(file: url.path, kind: kind, name: name) }
        }
    }

    private static func has(_ name: String, _ table: String, _ database: Database) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT count(*) > 0 FROM \(table) WHERE name = ?", arguments: [name]) ?? false
    }
}

extension EditStack {
    /// Adds a group's features, each by its weight, in a group of the stack with one strength: 1 raises what is there by as much as the group
    /// stands for, and −1 takes that away.
    public mutating func append(_ group: FeatureGroup, times factor: Float = 1) {
        append(group.members.map { ($0.feature, $0.weight * factor) }, inGroup: group.name, as: .add)
    }
}
