import Foundation
import GRDB

/// Which pack a library is of.
struct LibraryIdentity: Equatable {
    let name: String
    let fingerprint: String
    let featureCount: Int
    /// What the pack's fingerprint was before it went by contents; nil when that is not known.
    var formerFingerprint: String?

    static func == (a: Self, b: Self) -> Bool { (a.name, a.fingerprint, a.featureCount) == (b.name, b.fingerprint, b.featureCount) }

    /// Whether a library with this identity is of the pack.
    func isMeant(by found: LibraryIdentity) -> Bool {
        found.featureCount == featureCount && (found.fingerprint == fingerprint || found.fingerprint == formerFingerprint)
    }

    /// - Throws: when the pack has no sparse autoencoder that can be read.
    init(_ pack: Pack) throws {
        name = pack.name
        fingerprint = try pack.fingerprint()
        featureCount = try pack.featureCount()
        formerFingerprint = pack.formerFingerprint()
    }

    /// As the library says.
    init(_ database: Database) throws {
        let row = try Row.fetchOne(database, sql: "SELECT pack, fingerprint, feature_count FROM library WHERE id = 1")
        guard let row else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        name = try row.decode(String.self, atIndex: 0)
        fingerprint = try row.decode(String.self, atIndex: 1)
        featureCount = try row.decode(Int.self, atIndex: 2)
    }

    /// Takes the place of the fingerprint of former times.
    func replaceFormer(_ database: Database) throws {
        try database.execute(sql: "UPDATE library SET fingerprint = ? WHERE id = 1", arguments: [fingerprint])
    }

    /// Enters it into a new library, with a row for every feature.
    func insert(_ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO library (id, pack, fingerprint, feature_count) VALUES (1, ?, ?, ?)",
            arguments: [name, fingerprint, featureCount])
        let statement = try database.makeStatement(sql: "INSERT INTO features (id) VALUES (?)")
        for feature in 0..<featureCount { try statement.execute(arguments: [feature]) }
    }
}
