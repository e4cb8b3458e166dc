import Foundation
import Steering
import Testing

@testable import Jobs
@testable import Playground

@Suite("The queue of jobs in the playground") struct JobListTests {
    private static let start = Date(timeIntervalSinceReferenceDate: 0)
    private static let now = start.addingTimeInterval(30)

    private static func job(
        _ id: Int64, _ title: String, _ state: Job.State, step: Int = 0, of steps: Int = 0, error: String? = nil, files: [String] = []
    ) -> Job {
        Job(
            id: id, kind: "render", title: title, state: state, stage: steps > 0 ? "rendering" : nil, step: step, steps: steps, attempts: 1,
            isCancelling: false, error: error, result: state == .completed ? JobResult(files: files) : nil, queued: start, started: start,
            finished: nil, token: "", requestData: Data())
    }

    private static let jobs = [
        job(7, "render 01.png with 2 edits", .running, step: 15, of: 20), job(8, "train sae --folder t", .queued),
        job(5, "apply r.png '/evil\u{1B}[2J.png' -o out", .failed, error: "/evil\u{1B}[2J.png: the file cannot be read."),
        job(4, "render a.png -o b.png", .completed, files: ["/pictures/b.png"]), job(3, "doctor", .cancelled),
    ]

    private func session() throws -> ScriptedSession {
        var options = Options.example
        options.jobs = URL(fileURLWithPath: "/state/fader/jobs")
        return try .atRest(options: options)
    }

    private func opened() throws -> ScriptedSession {
        var session = try session()
        session.play("Q")
        #expect(session.effects.contains(.listJobs))
        session.send(.listedJobs(Self.jobs, at: Self.now))
        return session
    }

    @Test("Each job is a row with its state, a bar and the time that is left; what there is to say of the selected one stands below")
    func looks() throws {
        var session = try opened()
        #expect(session.screen == (try Golden.screen("jobs", recording: session.screen)))
        #expect(session.screen.contains("0:10 left") && session.screen.contains("rendering 15 of 20"))
        session.play("down down")
        #expect(session.screen.contains("the file cannot be read.") && !session.screen.contains("\u{1B}"))
    }

    @Test("The queue is looked at again while the list is open, and no longer") func polling() throws {
        var session = try opened()
        #expect(session.effects.contains(.startTimer(.jobs, seconds: JobList.interval)))
        session.send(.timer(.jobs))
        #expect(session.effects.contains(.listJobs))
        session.play("esc")
        #expect(session.state.overlays.isEmpty)
        session.send(.listedJobs(Self.jobs, at: Self.now))
        #expect(!session.effects.contains(.startTimer(.jobs, seconds: JobList.interval)))
        session.send(.timer(.jobs))
        #expect(!session.effects.contains(.listJobs))
    }

    @Test("A job that waits or runs is cancelled, and one that has ended is not") func cancelling() throws {
        var session = try opened()
        session.play("x")
        #expect(session.effects.contains(.cancelJob(7)))
        session.play("down x")
        #expect(session.effects.contains(.cancelJob(8)))
        session.play("down x")
        #expect(!session.effects.contains(.cancelJob(5)) && session.screen.contains("Job 5 has ended already."))
    }

    @Test("Enter opens the picture that a job has made, and says where there is none") func opening() throws {
        var session = try opened()
        session.play("enter")
        #expect(session.asked.isEmpty && session.screen.contains("Job 7 has no result."))
        session.play("down down down enter")
        #expect(session.asked == [.analyse(.file(URL(fileURLWithPath: "/pictures/b.png")))] && session.state.overlays.isEmpty)
    }

    @Test("The selection stays with its job when others come and go") func selection() throws {
        var session = try opened()
        session.play("down")
        session.send(.listedJobs([Self.jobs[1], Self.jobs[0]], at: Self.now))
        #expect(session.state.overlays.first(JobList.self)?.selected?.id == 8)
        session.send(.listedJobs([], at: Self.now))
        #expect(session.screen.contains("There are no jobs"))
        session.play("x enter")
        #expect(session.effects.isEmpty)
    }

    @Test("Where there is no place for a queue, or it cannot be read, a sentence says so") func missing() throws {
        var session = try ScriptedSession.atRest()
        session.play("Q")
        #expect(session.state.overlays.isEmpty && session.screen.contains("no place for the queue of jobs"))
        var other = try self.session()
        other.play("Q")
        other.send(.jobsFailed("/state/fader/jobs/queue.sqlite: the queue of jobs is damaged; move it away, and a new one is made."))
        #expect(other.screen.contains("the queue of jobs is damaged"))
    }

    @Test("The playground sees what is queued, cancels it, and makes no queue by looking") func access() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fader-tests-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let access = JobAccess(folder)
        #expect(try access.list().isEmpty && !FileManager.default.fileExists(atPath: folder.path))
        let queue = try JobQueue(folder: folder)
        try queue.add(.command(CommandJob(arguments: ["doctor"], directory: "/")))
        #expect(try access.list().map(\.id) == [1])
        try access.cancel(1)
        #expect(try queue.job(1).state == .cancelled)
    }
}
