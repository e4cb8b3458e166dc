import GRDB

/// The tables of the queue.
///
/// - `jobs`: one row for each job. `place` is the order in which they are begun; `token` names a job's files.
/// - `events`: what happened, in order; a number is never given twice.
enum JobSchema {
    /// Stands in the file's header, where it tells a queue from any other SQLite file: "FADJ".
    static let applicationID = 0x4641_444A

    /// The steps by which a queue came to have these tables. A later one is registered behind the last; none is ever changed.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: tables") { database in
            try database.execute(
                sql: """
                    CREATE TABLE jobs (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER NOT NULL, token TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
                        title TEXT NOT NULL, request BLOB NOT NULL, state TEXT NOT NULL, stage TEXT, step INTEGER NOT NULL DEFAULT 0,
                        steps INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
                        interruptions INTEGER NOT NULL DEFAULT 0, cancelling INTEGER NOT NULL DEFAULT 0,
                        error TEXT, result BLOB, queued REAL NOT NULL, started REAL, finished REAL);
                    CREATE INDEX jobs_by_state ON jobs (state, place);
                    CREATE TABLE events (
                        number INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
                        kind TEXT NOT NULL, time REAL NOT NULL, stage TEXT, step INTEGER, steps INTEGER, reason TEXT, preview BLOB);
                    CREATE INDEX events_by_job ON events (job, number);
                    """)
        }
        return migrator
    }
}
