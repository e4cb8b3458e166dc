import Foundation
import Jobs
import Synchronization

/// The queue of jobs as the playground sees it: it looks, and cancels what the user says. It works on none.
final class JobAccess: Sendable {
    private let folder: URL
    /// Nil until it is first needed.
    private let queue = Mutex<JobQueue?>(nil)

    init(_ folder: URL) { self.folder = folder }

    /// What runs, what waits and what has ended last; nothing where nobody has queued anything yet.
    /// - Throws: `JobError`.
    func list() throws -> [Job] {
        JobQueue.exists(in: folder) ? try opened().jobs(limit: JobList.mostEnded) : []
    }

    /// - Throws: `JobError`, also where the job has ended meanwhile.
    func cancel(_ job: Int64) throws { try opened().cancel(job) }

    private func opened() throws -> JobQueue {
        try queue.withLock { queue in
            let opened = try queue ?? JobQueue(folder: folder)
            queue = opened
            return opened
        }
    }
}
