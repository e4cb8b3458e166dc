import Foundation
import GRDB
import Steering

/// Work that waits, runs and has ended, in one SQLite file that any number of programs use at a time.
///
/// Everything that happens to a job is one transaction: whenever a program is killed, the job is as it was before or as it is after. One program at
/// a time works on the queue; see `JobWorker`.
public final class JobQueue: Sendable {
    /// How many jobs may wait at a time.
    public static let capacity = 100
    /// How many of those that ended last keep their previews, which are far larger than all else that is known of a job.
    static let previewedJobs = 20
    /// How many jobs that have ended are kept.
    public static let historyLength = 1000

    /// Holds the queue and its results.
    public let folder: URL
    let events: EventWatch
    private let pool: DatabasePool

    /// Opens the queue of the user whose environment this is.
    /// - Throws: `JobError`.
    public convenience init(environment: [String: String]) throws {
        guard let folder = Self.folder(environment: environment) else { throw JobError.noFolder }
        try self.init(folder: folder)
    }

    /// Where the queue is: `fader/jobs` in `$XDG_STATE_HOME`, or in `~/.local/state`.
    /// - Returns: nil when the environment names neither a state folder nor a home.
    public static func folder(environment: [String: String]) -> URL? {
        UserFolders.state(environment)?.appendingPathComponent("jobs")
    }

    /// Whether somebody has made a queue in a folder.
    public static func exists(in folder: URL) -> Bool { FileManager.default.fileExists(atPath: file(in: folder).path) }

    /// Opens the queue in a folder, and makes it where there is none.
    /// - Throws: `JobError`.
    public init(folder: URL) throws {
        self.folder = folder
        do {
            // What people work on is nobody else's business.
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw JobError.unusableFolder(folder.path)
        }
        let file = Self.file(in: folder)
        do {
            try Self.requireQueue(file)
            let pool = try DatabasePool.opened(at: file)
            try Self.prepare(pool)
            self.pool = pool
            events = EventWatch { try? pool.read(Self.lastEvent) }
        } catch {
            throw Self.explained(error, file)
        }
    }

    private static func file(in folder: URL) -> URL { folder.appendingPathComponent("queue.sqlite") }

    /// Looks at a file without changing it: opening one for writing changes how it keeps its journal.
    private static func requireQueue(_ file: URL) throws {
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        do {
            try DatabaseQueue(path: file.path, configuration: configuration).read(requireQueue)
        } catch let error as DatabaseError where error.resultCode != .SQLITE_NOTADB {
            // It may be half made by another program just now; opening it waits for that.
        }
    }

    private static func requireQueue(_ database: Database) throws {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try application == 0 && Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
        guard isEmpty || application == JobSchema.applicationID else { throw Mismatch.application }
        if try JobSchema.migrator.hasBeenSuperseded(database) { throw Mismatch.version }
    }

    /// Makes the tables in an empty file, and brings an older queue up to date.
    private static func prepare(_ pool: DatabasePool) throws {
        let migrator = JobSchema.migrator
        try pool.read(requireQueue)
        if try pool.read(migrator.hasCompletedMigrations) { return }
        // Before the migrator makes a table of its own: another program would take a file with that table alone for something else.
        try pool.write { database in
            try requireQueue(database)
            try database.execute(sql: "PRAGMA application_id = \(JobSchema.applicationID)")
        }
        do {
            try migrator.migrate(pool)
        } catch {
            // Another process may have done it at the same time.
            if try !pool.read(migrator.hasCompletedMigrations) { throw error }
        }
    }

    // MARK: Asking

    /// - Throws: `JobError.missing`, or another when the queue cannot be read.
    public func job(_ id: Int64) throws -> Job {
        guard let job = try read({ try Job.fetch($0, "WHERE id = ?", [id]).first }) else { throw JobError.missing(id) }
        return job
    }

    /// Those that run or wait, in the order in which they are begun, and then those that have ended, the last first.
    /// - Parameter limit: how many of those that have ended there are at most.
    public func jobs(limit: Int = JobQueue.historyLength) throws -> [Job] {
        try read { database in
            try Job.fetch(database, "WHERE state IN ('queued', 'running') ORDER BY state = 'queued', place")
                + Job.fetch(
                    database, "WHERE state NOT IN ('queued', 'running') ORDER BY finished DESC, id DESC LIMIT ?", [max(0, limit)])
        }
    }

    /// Whether a job waits.
    func hasWaiting() throws -> Bool {
        try read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'queued')") ?? false }
    }

    /// Where a job's picture goes unless it says where.
    public func resultFile(of job: Job) -> URL { resultsFolder.appendingPathComponent("\(job.token).png") }

    var resultsFolder: URL { folder.appendingPathComponent("results") }

    // MARK: Changing

    /// Puts a job behind the others that wait.
    /// - Throws: `JobError.full`, or another when the queue cannot be written.
    @discardableResult
    public func add(_ request: JobRequest) throws -> Job {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(request)
        let (job, forgotten) = try write { database in
            try Self.requireRoom(database)
            try database.execute(
                sql: """
                    INSERT INTO jobs (place, token, kind, title, request, state, queued)
                    VALUES (\(Self.nextPlace), ?, ?, ?, ?, 'queued', ?)
                    """,
                arguments: [Self.newToken(), request.kind, request.title, data, Date.now.timeIntervalSinceReferenceDate])
            let id = database.lastInsertedRowID
            try Self.note(.queued, of: id, database)
            let old = try Job.fetch(
                database, "WHERE state NOT IN ('queued', 'running') ORDER BY finished DESC, id DESC LIMIT -1 OFFSET ?",
                [Self.historyLength])
            try Self.remove(old, database)
            try database.execute(
                sql: """
                    UPDATE events SET preview = NULL WHERE preview IS NOT NULL AND job IN (
                        SELECT id FROM jobs WHERE state NOT IN ('queued', 'running') ORDER BY finished DESC, id DESC LIMIT -1 OFFSET ?)
                    """, arguments: [Self.previewedJobs])
            return (try Self.require(id, database), old)
        }
        removeResults(of: forgotten)
        return job
    }

    /// Ends a job that waits at once; one that runs ends at its next step.
    /// - Throws: `JobError.missing`, `JobError.alreadyEnded`.
    @discardableResult
    public func cancel(_ id: Int64) throws -> Job {
        try write { database in
            let job = try Self.require(id, database)
            switch job.state {
            case .queued:
                try database.execute(
                    sql: "UPDATE jobs SET state = 'cancelled', finished = ? WHERE id = ?",
                    arguments: [Date.now.timeIntervalSinceReferenceDate, id])
                try Self.note(.cancelled, of: id, database)
            case .running: try database.execute(sql: "UPDATE jobs SET cancelling = 1 WHERE id = ?", arguments: [id])
            case .completed, .failed, .cancelled: throw JobError.alreadyEnded(id, job.state)
            }
            return try Self.require(id, database)
        }
    }

    /// Puts a job that failed or was cancelled behind those that wait.
    /// - Throws: `JobError.missing`, `JobError.notEnded`, `JobError.full`.
    @discardableResult
    public func retry(_ id: Int64) throws -> Job {
        try write { database in
            let job = try Self.require(id, database)
            guard job.state == .failed || job.state == .cancelled else { throw JobError.notEnded(id) }
            try Self.requireRoom(database)
            try database.execute(
                sql: """
                    UPDATE jobs SET state = 'queued', place = \(Self.nextPlace), interruptions = 0, cancelling = 0, error = NULL,
                    stage = NULL, step = 0, steps = 0, finished = NULL, started = NULL WHERE id = ?
                    """, arguments: [id])
            try Self.note(.queued, of: id, database)
            return try Self.require(id, database)
        }
    }

    /// Forgets all jobs that have ended, with their events and with the results that are in the queue's folder.
    /// - Returns: how many there were.
    @discardableResult
    public func clear() throws -> Int {
        let ended = try write { database in
            let ended = try Job.fetch(database, "WHERE state NOT IN ('queued', 'running')")
            try Self.remove(ended, database)
            return ended
        }
        removeResults(of: ended)
        return ended.count
    }

    private func removeResults(of jobs: [Job]) {
        for job in jobs { try? FileManager.default.removeItem(at: resultFile(of: job)) }
    }

    // MARK: The file

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do { return try pool.read(body) } catch { throw Self.explained(error, Self.file(in: folder)) }
    }

    /// Does `body` wholly or not at all, and tells those who wait for events.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            let value = try pool.write(body)
            events.look()
            return value
        } catch {
            throw Self.explained(error, Self.file(in: folder))
        }
    }

    static func require(_ id: Int64, _ database: Database) throws -> Job {
        guard let job = try Job.fetch(database, "WHERE id = ?", [id]).first else { throw JobError.missing(id) }
        return job
    }

    private static func requireRoom(_ database: Database) throws {
        let waiting = try Int.fetchOne(database, sql: "SELECT count(*) FROM jobs WHERE state = 'queued'") ?? 0
        if waiting >= capacity { throw JobError.full(capacity: capacity) }
    }

    private static func remove(_ jobs: [Job], _ database: Database) throws {
        for job in jobs { try database.execute(sql: "DELETE FROM jobs WHERE id = ?", arguments: [job.id]) }
    }

    private static let nextPlace = "(SELECT coalesce(max(place), 0) + 1 FROM jobs)"

    /// 128 random bits.
    private static func newToken() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private enum Mismatch: Error {
        case application, version
    }

    /// What SQLite and GRDB say, in a sentence.
    private static func explained(_ error: any Error, _ file: URL) -> any Error {
        switch error {
        case Mismatch.application: return JobError.notAQueue(file: file.path)
        case Mismatch.version: return JobError.newerVersion(file: file.path)
        case is RowDecodingError, is UnknownWord: return JobError.damaged(file: file.path)
        case let error as DatabaseError:
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: return JobError.locked(file: file.path)
            case .SQLITE_CORRUPT, .SQLITE_ERROR: return JobError.damaged(file: file.path)
            case .SQLITE_NOTADB: return JobError.notAQueue(file: file.path)
            default: return JobError.unusable(file: file.path, reason: error.message ?? "SQLite's error \(error.resultCode.rawValue)")
            }
        default: return error
        }
    }
}

/// A state, a kind or a token that no Fader writes.
struct UnknownWord: Error {}

extension Job {
    /// - Parameter condition: what follows the table's name.
    static func fetch(_ database: Database, _ condition: String, _ arguments: StatementArguments = []) throws -> [Job] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT id, kind, title, state, stage, step, steps, attempts, cancelling, error, result, queued, started, finished, token,
                request FROM jobs \(condition)
                """, arguments: arguments
        ).map(Job.init)
    }

    private init(_ row: Row) throws {
        guard let state = State(rawValue: try row.decode(forColumn: "state")) else { throw UnknownWord() }
        self.state = state
        token = try row.decode(forColumn: "token")
        // It becomes part of a path.
        guard token.count == 32, token.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { throw UnknownWord() }
        (id, kind, title) = (try row.decode(forColumn: "id"), try row.decode(forColumn: "kind"), try row.decode(forColumn: "title"))
        (stage, step, steps) = (try row.decode(forColumn: "stage"), try row.decode(forColumn: "step"), try row.decode(forColumn: "steps"))
        (attempts, isCancelling) = (try row.decode(forColumn: "attempts"), try row.decode(forColumn: "cancelling"))
        error = try row.decode(forColumn: "error")
        requestData = try row.decode(forColumn: "request")
        let encoded: Data? = try row.decode(forColumn: "result")
        result = encoded.flatMap { try? JSONDecoder().decode(JobResult.self, from: $0) }
        func date(_ column: String) throws -> Date? {
            let seconds: Double? = try row.decode(forColumn: column)
            return seconds.map(Date.init(timeIntervalSinceReferenceDate:))
        }
        queued = try date("queued") ?? .distantPast
        (started, finished) = (try date("started"), try date("finished"))
    }
}
