import Foundation
import GRDB

extension JobQueue {
    /// What happened after the event `number`, in order.
    /// - Parameters:
    ///   - number: 0 for all that is known.
    ///   - job: of which job; nil for all.
    ///   - limit: how many at most.
    public func events(after number: Int64 = 0, of job: Int64? = nil, limit: Int = 1000) throws -> [JobEvent] {
        try read { try JobEvent.fetch($0, after: number, of: job, limit: limit) }
    }

    /// The number of the last event; 0 before the first.
    public func lastEvent() throws -> Int64 { try read(Self.lastEvent) }

    /// As `events`, but where nothing happened yet it waits for what happens next, in whatever program.
    /// - Parameters:
    ///   - number: 0 for all that is known.
    ///   - job: of which job; nil for all.
    ///   - limit: how many at most.
    ///   - timeout: how long it waits at most; then nothing is returned.
    /// - Throws: `CancellationError`; `JobError` when the queue cannot be read.
    public func nextEvents(
        after number: Int64, of job: Int64? = nil, limit: Int = 1000, timeout: Duration = .seconds(15)
    ) async throws -> [JobEvent] {
        let end = ContinuousClock.now + timeout
        while true {
            let (last, found) = try read { database in
                (try Self.lastEvent(database), try JobEvent.fetch(database, after: number, of: job, limit: limit))
            }
            if !found.isEmpty || ContinuousClock.now >= end { return found }
            await events.waitForChange(beyond: last, until: end)
            try Task.checkCancellation()
        }
    }

    static func lastEvent(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'events'") ?? 0
    }

    static func note(
        _ kind: JobEvent.Kind, of job: Int64, stage: String? = nil, step: Int? = nil, steps: Int? = nil, reason: String? = nil,
        preview: Data? = nil, _ database: Database
    ) throws {
        try database.execute(
            sql: "INSERT INTO events (job, kind, time, stage, step, steps, reason, preview) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [job, kind.rawValue, Date.now.timeIntervalSinceReferenceDate, stage, step, steps, reason, preview])
    }
}

extension JobEvent {
    static func fetch(_ database: Database, after number: Int64, of job: Int64?, limit: Int) throws -> [JobEvent] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT number, job, kind, time, stage, step, steps, reason, preview FROM events
                WHERE number > ? \(job == nil ? "" : "AND job = ?") ORDER BY number LIMIT ?
                """, arguments: StatementArguments([number] + (job.map { [$0] } ?? []) + [Int64(max(0, limit))])
        ).map(JobEvent.init)
    }

    private init(_ row: Row) throws {
        guard let kind = Kind(rawValue: try row.decode(forColumn: "kind")) else { throw UnknownWord() }
        self.kind = kind
        (number, job) = (try row.decode(forColumn: "number"), try row.decode(forColumn: "job"))
        time = Date(timeIntervalSinceReferenceDate: try row.decode(forColumn: "time"))
        (stage, step, steps) = (try row.decode(forColumn: "stage"), try row.decode(forColumn: "step"), try row.decode(forColumn: "steps"))
        (reason, preview) = (try row.decode(forColumn: "reason"), try row.decode(forColumn: "preview"))
    }
}
