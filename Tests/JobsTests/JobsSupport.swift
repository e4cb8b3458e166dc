import Foundation
import GRDB
import Steering
import TestSupport

@testable import Jobs

extension JobRequest {
    /// A line for a shell, where the worker's program is one.
    static func shell(_ line: String, continued: [String] = [], environment: [String: String?] = [:]) -> JobRequest {
        .command(CommandJob(arguments: ["-c", line], continuation: continued, directory: "/", environment: environment))
    }
}

extension JobWorker {
    /// A worker whose commands are lines for a shell.
    init(shellFor queue: JobQueue) { self.init(queue, program: URL(fileURLWithPath: "/bin/sh")) }
}

extension JobQueue {
    /// What has happened, as pairs of a job and an event.
    func history(of job: Int64? = nil) throws -> [String] {
        try events(of: job).filter { $0.kind != .progress && $0.kind != .preview }.map { "\($0.job) \($0.kind.rawValue)" }
    }

    /// Waits until an event is there; there is none only where the test fails anyway.
    func wait(for kind: JobEvent.Kind, of job: Int64) async throws {
        var last: Int64 = 0
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end {
            for event in try await nextEvents(after: last, of: job, timeout: .seconds(5)) {
                if event.kind == kind { return }
                last = event.number
            }
        }
    }

    /// Does something to the file that no Fader does.
    func tamper(_ sql: String) throws {
        let other = try DatabaseQueue(path: folder.appendingPathComponent("queue.sqlite").path)
        try other.writeWithoutTransaction { try $0.execute(sql: sql) }
        try other.close()
    }
}
