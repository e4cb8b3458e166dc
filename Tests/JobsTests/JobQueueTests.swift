import Foundation
import GRDB
import Steering
import TestSupport
import Testing

@testable import Jobs

@Suite("The queue of jobs") struct JobQueueTests {
    private let folder: TemporaryFolder
    private let queue: JobQueue

    init() throws {
        folder = try TemporaryFolder()
        queue = try JobQueue(folder: folder.url)
    }

    private func lock() throws -> WorkerLock { try #require(try WorkerLock.take(in: folder.url)) }

    @Test("Jobs wait in the order in which they were queued, and come back from the file as they were") func order() throws {
        let request = JobRequest.command(
            CommandJob(
                arguments: ["render", "a b.png", "it's"], continuation: ["--resume"], directory: "/somewhere",
                environment: ["FADER_PACK": nil, "HF_HOME": "/h"], files: ["/o.png"]))
        let jobs = try [request, .shell("true"), .shell("false")].map { try queue.add($0) }
        let again = try JobQueue(folder: folder.url)
        #expect(try again.jobs() == jobs)
        #expect(jobs.map(\.id) == [1, 2, 3] && jobs.allSatisfy { $0.state == .queued && $0.progress == nil })
        #expect(try again.job(1).request() == request)
        #expect(jobs[0].kind == "render" && jobs[0].title == #"render 'a b.png' 'it'\''s'"#)
        #expect(try queue.history() == ["1 queued", "2 queued", "3 queued"])
        #expect(try queue.events(after: 1, of: nil, limit: 1).map(\.number) == [2])
    }

    @Test("A hundred jobs wait; the next one is refused in a sentence until one is begun") func bound() throws {
        for _ in 0..<JobQueue.capacity { try queue.add(.shell("true")) }
        #expect(throws: JobError.full(capacity: 100)) { try queue.add(.shell("true")) }
        #expect(JobError.full(capacity: 100).description.contains("100 jobs are waiting"))
        #expect(try queue.jobs().count == 100 && queue.lastEvent() == 100)
        _ = try queue.start(holding: lock())
        try queue.add(.shell("true"))
        #expect(throws: JobError.full(capacity: 100)) { try queue.add(.shell("true")) }
    }

    @Test("Many programs open a new queue and add jobs at the same moment, and no job and no event is lost", arguments: 1...10)
    func together(round: Int) async throws {
        let place = folder.url.appendingPathComponent("new \(round)")
        let ids = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let queue = try JobQueue(folder: place)
                    return try (0..<10).map { _ in try queue.add(.shell("true")).id }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(ids.sorted() == Array(1...80))
        let queue = try JobQueue(folder: place)
        #expect(try queue.events().map(\.number) == Array(1...80))
        #expect(try queue.jobs().map(\.id) == Array(1...80))
    }

    @Test("A queue that another program is just making is one") func unfinished() throws {
        let place = folder.url.appendingPathComponent("unfinished")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let pool = try DatabasePool.opened(at: place.appendingPathComponent("queue.sqlite"))
        try pool.write { database in
            try database.execute(sql: "PRAGMA application_id = \(JobSchema.applicationID); CREATE TABLE grdb_migrations (identifier TEXT)")
        }
        #expect(try JobQueue(folder: place).add(.shell("true")).id == 1)
    }

    @Test("Only one program at a time has the right to work, and it comes back when it is released") func oneWorker() throws {
        let lock = try lock()
        #expect(try WorkerLock.take(in: folder.url) == nil && WorkerLock.isHeld(in: folder.url))
        lock.release()
        #expect(try !WorkerLock.isHeld(in: folder.url))
        #expect(try WorkerLock.take(in: folder.url) != nil)
    }

    @Test("A job that waits is cancelled at once, one that runs when it stops, and one that has ended not at all") func cancelling() throws
    {
        let lock = try lock()
        for _ in 0..<2 { try queue.add(.shell("true")) }
        #expect(try queue.cancel(2).state == .cancelled)
        #expect(throws: JobError.alreadyEnded(2, .cancelled)) { try queue.cancel(2) }
        #expect(try queue.start(holding: lock)?.id == 1)
        #expect(try !queue.isCancelling(1))
        let running = try queue.cancel(1)
        #expect(try running.state == .running && running.isCancelling && queue.isCancelling(1))
        try queue.stopped(1)
        #expect(try queue.job(1).state == .cancelled && !queue.job(1).isCancelling)
        #expect(try queue.history(of: 1) == ["1 queued", "1 started", "1 cancelled"])
        #expect(throws: JobError.missing(9)) { try queue.cancel(9) }
    }

    @Test("What failed or was cancelled can be tried again, behind those that wait; what waits or is completed cannot") func retrying()
        throws
    {
        let lock = try lock()
        for _ in 0..<3 { try queue.add(.shell("true")) }
        _ = try queue.start(holding: lock)
        try queue.fail(1, because: "It did not work.")
        #expect(try queue.job(1).error == "It did not work.")
        #expect(try queue.events(of: 1).last?.reason == "It did not work.")
        let again = try queue.retry(1)
        #expect(again.state == .queued && again.error == nil && again.attempts == 1)
        #expect(try queue.jobs().map(\.id) == [2, 3, 1])
        #expect(throws: JobError.notEnded(2)) { try queue.retry(2) }
        _ = try queue.start(holding: lock)
        try queue.complete(2, JobResult(files: ["/a.png"], text: "done"))
        #expect(throws: JobError.notEnded(2)) { try queue.retry(2) }
        #expect(try queue.job(2).result == JobResult(files: ["/a.png"], text: "done") && queue.job(2).progress == 1)
    }

    @Test("A job ends once: what comes after its end changes nothing") func once() throws {
        let lock = try lock()
        try queue.add(.shell("true"))
        _ = try queue.start(holding: lock)
        try queue.complete(1, JobResult())
        try queue.fail(1, because: "late")
        try queue.stopped(1)
        try queue.report(.init(stage: "rendering", step: 1, count: 2), of: 1)
        try queue.recover(holding: lock)
        #expect(try queue.events().map(\.kind) == [.queued, .started, .completed])
        #expect(try queue.job(1).state == .completed && queue.job(1).error == nil)
    }

    @Test("What ran when its worker died runs next, what was being cancelled is cancelled, and what kills every worker fails")
    func recovery() throws {
        let lock = try lock()
        for _ in 0..<3 { try queue.add(.shell("true")) }
        _ = try queue.start(holding: lock)
        try queue.cancel(1)
        _ = try queue.start(holding: lock)
        try queue.recover(holding: lock)
        #expect(try queue.job(1).state == .cancelled)
        #expect(try queue.jobs(limit: 0).map(\.id) == [2, 3])
        #expect(try queue.events(of: 2).last?.kind == .queued && queue.events(of: 2).last?.reason != nil)
        for _ in 0..<4 {
            #expect(try queue.start(holding: lock)?.id == 2)
            try queue.recover(holding: lock)
        }
        #expect(try queue.job(2).state == .failed && queue.job(2).error?.contains("5 times") == true)
        #expect(try queue.start(holding: lock)?.id == 3)
    }

    @Test("Clearing forgets what has ended, with its events and its picture in the queue's folder, and nothing else") func clearing() throws
    {
        let lock = try lock()
        for _ in 0..<3 { try queue.add(.shell("true")) }
        let job = try #require(try queue.start(holding: lock))
        try FileManager.default.createDirectory(at: queue.resultsFolder, withIntermediateDirectories: true)
        let other = folder.url.appendingPathComponent("mine.png")
        for file in [queue.resultFile(of: job), other] { try Data([1]).write(to: file) }
        try queue.complete(1, JobResult(files: [queue.resultFile(of: job).path, other.path]))
        try queue.cancel(3)
        #expect(try queue.clear() == 2)
        #expect(try queue.jobs().map(\.id) == [2] && queue.events().map(\.job) == [2])
        #expect(!FileManager.default.fileExists(atPath: queue.resultFile(of: job).path))
        #expect(FileManager.default.fileExists(atPath: other.path))
        #expect(try queue.add(.shell("true")).id == 4)
    }

    @Test("A thousand jobs that have ended are kept; the oldest make room") func history() throws {
        try queue.tamper(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
            INSERT INTO jobs (place, token, kind, title, request, state, queued, finished)
            SELECT i, printf('%032x', i), 'render', 'render', x'7b7d', 'completed', i, i FROM n
            """)
        try queue.add(.shell("true"))
        let jobs = try queue.jobs()
        #expect(jobs.count == 1001 && jobs[1].id == 1200 && jobs.last?.id == 201)
    }

    @Test("Previews go with time, and the events that had them stay") func previews() throws {
        let lock = try lock()
        for number in Int64(1)...22 {
            try queue.add(.shell("true"))
            _ = try queue.start(holding: lock)
            try queue.report(.init(stage: "rendering", step: 1, count: 2), preview: Data([1, 2, 3]), of: number)
            try queue.complete(number, JobResult())
        }
        try queue.add(.shell("true"))
        let previews = try queue.events().filter { $0.kind == .preview }
        #expect(previews.map { $0.preview != nil } == [false, false] + [Bool](repeating: true, count: 20))
    }

    @Test("Those who wait for events hear of what another program adds, and of nothing else than they asked for") func waiting()
        async throws
    {
        let other = try JobQueue(folder: folder.url)
        let waiting = (0..<20).map { _ in Task { try await queue.nextEvents(after: 0, timeout: .seconds(60)) } }
        let second = Task { try await queue.nextEvents(after: 0, of: 2, timeout: .seconds(60)) }
        try await Task.sleep(for: .milliseconds(150))
        try other.add(.shell("true"))
        for task in waiting { #expect(try await task.value.map(\.job) == [1]) }
        try other.add(.shell("true"))
        #expect(try await second.value.map(\.number) == [2])
        #expect(try await queue.nextEvents(after: 2, timeout: .milliseconds(150)).isEmpty)
    }

    @Test("Waiting for events ends when the task is cancelled") func cancelledWait() async throws {
        let task = Task { try await queue.nextEvents(after: 0, timeout: .seconds(3600)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("What is no queue, is damaged, or was made by a newer Fader is told in one sentence, and stays as it is") func damage() throws {
        func refusal(_ spoil: (URL) throws -> Void) throws -> String {
            let folder = try TemporaryFolder()
            let file = folder.url.appendingPathComponent("queue.sqlite")
            try spoil(file)
            let before = try Data(contentsOf: file)
            let error = #expect(throws: JobError.self) { try JobQueue(folder: folder.url).jobs() }
            #expect(try Data(contentsOf: file) == before)
            return try #require(error).description
        }
        #expect(try refusal { try Data("not a database at all, whatever its name says".utf8).write(to: $0) }.contains("not a queue"))
        #expect(
            try refusal { file in
                let other = try DatabaseQueue(path: file.path)
                try other.write { try $0.execute(sql: "CREATE TABLE mine (a)") }
                try other.close()
            }.contains("not a queue"))
        #expect(
            try refusal { file in
                let queue = try JobQueue(folder: file.deletingLastPathComponent())
                try queue.tamper("INSERT INTO grdb_migrations VALUES ('9: from the future'); PRAGMA wal_checkpoint(TRUNCATE)")
            }.contains("newer Fader"))
    }

    @Test(
        "A row that no Fader writes is told as damage and crashes nothing",
        arguments: [
            "state = 'paused'", "token = '../../../etc/passwd'", "step = 'many'", "queued = 'yesterday'", "title = NULL", "request = NULL",
            "attempts = 1e300",
        ])
    func badRow(change: String) throws {
        try queue.add(.shell("true"))
        // NOT NULL is a promise of this file alone.
        let isRefused = (try? queue.tamper("UPDATE jobs SET \(change)")) == nil
        if isRefused { return }
        let error = #expect(throws: JobError.self) { try queue.jobs() }
        #expect(error?.description.contains("damaged") == true)
    }

    @Test("Random bytes over the file are an error or a list, never a crash") func noise() throws {
        for _ in 0..<30 { try queue.add(.shell("true")) }
        try queue.tamper("PRAGMA wal_checkpoint(TRUNCATE)")
        let bytes = try Data(contentsOf: folder.url.appendingPathComponent("queue.sqlite"))
        var random = SeededGenerator(seed: 7)
        for _ in 0..<60 {
            let other = try TemporaryFolder()
            var spoilt = bytes
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                spoilt[Int.random(in: 0..<spoilt.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try other.file("queue.sqlite", spoilt)
            do {
                let queue = try JobQueue(folder: other.url)
                for job in try queue.jobs() { _ = try? job.request() }
                _ = try queue.events()
                _ = try queue.add(.shell("true"))
                _ = try queue.clear()
            } catch {
                #expect(error is JobError, "\(error)")
            }
        }
    }
}
