import Foundation
import GRDB

/// What is known of a pack's features, in one SQLite file: statistics, labels, example pictures, icons, and the user's groups and directions.
///
/// Several threads and several processes may use one library at a time: readers never wait, and writers wait for each other for a few seconds.
public final class FeatureLibrary: Sendable {
    public let url: URL
    /// How many features the pack has.
    public let featureCount: Int
    private let pool: DatabasePool

    /// Opens a pack's library, and makes it where there is none yet, with what the pack's `features.json` says.
    /// - Parameters:
    ///   - pack: whose features it describes.
    ///   - url: the file; nil means the pack's usual one.
    /// - Throws: `LibraryError` when it is damaged, locked, of another pack or of another version.
    public convenience init(of pack: Pack, at url: URL? = nil) throws {
        try self.init(LibraryIdentity(pack), at: url ?? LibraryLocation.file(of: pack))
        try take(PublishedFeatures(pack: pack))
    }

    /// Opens a pack's library where there is one.
    /// - Throws: `LibraryError` as above.
    public static func existing(of pack: Pack) throws -> FeatureLibrary? {
        let url = try LibraryLocation.file(of: pack)
        return FileManager.default.fileExists(atPath: url.path) ? try FeatureLibrary(of: pack, at: url) : nil
    }

    /// - Parameter identity: of the pack that the library must be of; nil takes any.
    init(_ identity: LibraryIdentity?, at url: URL) throws {
        self.url = url
        if identity == nil && !FileManager.default.fileExists(atPath: url.path) { throw LibraryError.missing(file: url.path) }
        let pool: DatabasePool
        do {
            pool = try DatabasePool.opened(at: url)
            let found = try pool.read(Self.identity) ?? Self.create(identity, in: pool)
            if let identity, !identity.isMeant(by: found) {
                throw LibraryError.otherPack(file: url.path, found: found.name, expected: identity.name)
            }
            try Self.migrate(pool)
            if let identity, found.fingerprint != identity.fingerprint { try pool.write(identity.replaceFormer) }
            featureCount = found.featureCount
        } catch {
            throw Self.explained(error, url)
        }
        self.pool = pool
    }

    /// Which pack the library is of.
    func identity() throws -> LibraryIdentity { try read { try LibraryIdentity($0) } }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do { return try pool.read(body) } catch { throw Self.explained(error, url) }
    }

    /// Does `body` wholly or not at all.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do { return try pool.write(body) } catch { throw Self.explained(error, url) }
    }

    /// - Throws: `SteeringError.featureOutOfRange`.
    func require(_ feature: Int) throws {
        guard (0..<featureCount).contains(feature) else { throw SteeringError.featureOutOfRange(feature, count: featureCount) }
    }

    /// Reads the whole file, which takes a second for each gigabyte or two.
    /// - Throws: `LibraryError.damaged`.
    public func requireIntact() throws {
        let answer = try read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        if answer != "ok" { throw LibraryError.damaged(file: url.path) }
    }

    /// Which pack the library is of; nil when the file is empty.
    private static func identity(_ database: Database) throws -> LibraryIdentity? {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if application == 0, version == 0, try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0 { return nil }
        guard application == LibrarySchema.applicationID else { throw Mismatch.application }
        guard try version == LibrarySchema.version && !LibrarySchema.migrator.hasBeenSuperseded(database) else {
            throw Mismatch.version(max(version, LibrarySchema.version + 1))
        }
        return try LibraryIdentity(database)
    }

    /// Brings an older library up to date.
    private static func migrate(_ pool: DatabasePool) throws {
        let migrator = LibrarySchema.migrator
        if try pool.read(migrator.hasCompletedMigrations) { return }
        do {
            try migrator.migrate(pool)
        } catch {
            // Another process may have done it at the same time.
            if try !pool.read(migrator.hasCompletedMigrations) { throw error }
        }
    }

    /// Makes the tables in an empty file, unless another process has just done so.
    private static func create(_ identity: LibraryIdentity?, in pool: DatabasePool) throws -> LibraryIdentity {
        guard let identity else { throw Mismatch.application }
        try pool.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                if try Self.identity(database) == nil {
                    try LibrarySchema.create(database)
                    try identity.insert(database)
                }
                return .commit
            }
        }
        return try pool.read(LibraryIdentity.init)
    }

    private enum Mismatch: Error {
        case application
        case version(Int)
    }

    /// What SQLite and GRDB say, in a sentence.
    private static func explained(_ error: any Error, _ url: URL) -> any Error {
        switch error {
        case Mismatch.application: return LibraryError.notALibrary(file: url.path)
        case Mismatch.version(let found): return LibraryError.otherVersion(file: url.path, found: found)
        case is RowDecodingError: return LibraryError.damaged(file: url.path)
        case let error as DatabaseError:
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: return LibraryError.locked(file: url.path)
            case .SQLITE_CORRUPT, .SQLITE_ERROR: return LibraryError.damaged(file: url.path)
            case .SQLITE_NOTADB: return LibraryError.notALibrary(file: url.path)
            default: return LibraryError.unusable(file: url.path, reason: error.message ?? "SQLite's error \(error.resultCode.rawValue)")
            }
        default: return error
        }
    }
}
