import Foundation
import GRDB
import Steering

/// What the worker alone does; holding the lock makes it the only one.
extension JobQueue {
    /// How often a job may be in the middle of its work when its worker dies.
    private static let mostInterruptions = 5

    /// Queues anew, first of all, what was running when its worker died; what was to be cancelled then is, and a job that many workers have died
    /// of fails.
    func recover(holding lock: WorkerLock) throws {
        try write { database in
            for job in try Job.fetch(database, "WHERE state = 'running'") {
                let count = try Int.fetchOne(database, sql: "SELECT interruptions FROM jobs WHERE id = ?", arguments: [job.id]) ?? 0
                if job.isCancelling {
                    try Self.end(job.id, as: .cancelled, database)
                } else if count + 1 >= Self.mostInterruptions {
                    try Self.end(job.id, as: .failed, error: JobError.interruptedTooOften(count + 1).description, database)
                } else {
                    try database.execute(sql: "UPDATE jobs SET interruptions = interruptions + 1 WHERE id = ?", arguments: [job.id])
                    try Self.putBack(job.id, reason: "The program that worked on it ended.", database)
                }
            }
        }
    }

    /// Takes the next job that waits; nil when none does.
    func start(holding lock: WorkerLock) throws -> Job? {
        try write { database in
            let next = "SELECT id FROM jobs WHERE state = 'queued' ORDER BY place, id LIMIT 1"
            guard let id = try Int64.fetchOne(database, sql: next) else { return nil }
            try database.execute(
                sql: """
                    UPDATE jobs SET state = 'running', attempts = attempts + 1, started = ?, stage = NULL, step = 0, steps = 0 WHERE id = ?
                    """, arguments: [Date.now.timeIntervalSinceReferenceDate, id])
            try Self.note(.started, of: id, database)
            return try Self.require(id, database)
        }
    }

    /// Notes how far a job that runs is.
    func report(_ line: ProgressChannel.Line, preview: Data? = nil, of job: Int64) throws {
        try write { database in
            try database.execute(
                sql: "UPDATE jobs SET stage = ?, step = ?, steps = ? WHERE id = ? AND state = 'running'",
                arguments: [line.stage, line.step, line.count, job])
            guard database.changesCount == 1 else { return }
            try Self.note(.progress, of: job, stage: line.stage, step: line.step, steps: line.count, database)
            if let preview {
                try Self.note(.preview, of: job, stage: line.stage, step: line.step, steps: line.count, preview: preview, database)
            }
        }
    }

    func complete(_ job: Int64, _ result: JobResult) throws {
        let data = try JSONEncoder().encode(result)
        try write { try Self.end(job, as: .completed, result: data, $0) }
    }

    func fail(_ job: Int64, because error: String) throws { try write { try Self.end(job, as: .failed, error: error, $0) } }

    /// Ends a job whose work was stopped: it is cancelled where somebody asked for that, and otherwise goes on with the next worker.
    func stopped(_ job: Int64) throws {
        try write { database in
            if try Self.require(job, database).isCancelling {
                try Self.end(job, as: .cancelled, database)
            } else {
                try Self.putBack(job, reason: "The program that worked on it was stopped.", database)
            }
        }
    }

    /// Whether somebody has asked for the end of a job that runs.
    func isCancelling(_ job: Int64) throws -> Bool {
        try read { try Bool.fetchOne($0, sql: "SELECT cancelling FROM jobs WHERE id = ?", arguments: [job]) ?? true }
    }

    private static func end(_ job: Int64, as state: Job.State, error: String? = nil, result: Data? = nil, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE jobs SET state = ?, error = ?, result = ?, cancelling = 0, finished = ? WHERE id = ? AND state = 'running'
                """, arguments: [state.rawValue, error, result, Date.now.timeIntervalSinceReferenceDate, job])
        guard database.changesCount == 1, let kind = JobEvent.Kind(rawValue: state.rawValue) else { return }
        try note(kind, of: job, reason: error, database)
    }

    private static func putBack(_ job: Int64, reason: String, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE jobs SET state = 'queued', started = NULL WHERE id = ? AND state = 'running'", arguments: [job])
        if database.changesCount == 1 { try note(.queued, of: job, reason: reason, database) }
    }
}
