import Foundation
import Steering
import TestSupport
import Testing

@testable import Jobs

@Suite("The worker of jobs") struct JobWorkerTests {
    private let folder: TemporaryFolder
    private let queue: JobQueue

    init() throws {
        folder = try TemporaryFolder()
        queue = try JobQueue(folder: folder.url.appendingPathComponent("jobs"))
    }

    /// Does all that waits.
    private func work() async throws { try await JobWorker(shellFor: queue).run(idle: .zero) }

    @Test("Commands run one after the other, and what they print or complain of is kept") func commands() async throws {
        let log = folder.url.appendingPathComponent("log").path
        for name in ["a", "b", "c"] { try queue.add(.shell("echo \(name) >> \(log); echo made \(name)")) }
        try queue.add(.shell("echo 'reading'; echo 'Warning: old.' >&2; echo 'Error: x.png: the file cannot be read.' >&2; exit 1"))
        try queue.add(.shell("kill -9 $$"))
        try queue.add(.shell("exit 3"))
        try await work()
        #expect(try String(contentsOfFile: log, encoding: .utf8) == "a\nb\nc\n")
        let jobs = try (1...6).map { try queue.job($0) }
        #expect(jobs.map(\.state) == [.completed, .completed, .completed, .failed, .failed, .failed])
        #expect(jobs[0].result == JobResult(text: "made a"))
        #expect(jobs[3].error == "x.png: the file cannot be read.")
        #expect(jobs[4].error?.contains("signal 9") == true)
        #expect(jobs[5].error == "The command failed and did not say why.")
        #expect(try queue.history(of: 4) == ["4 queued", "4 started", "4 failed"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: queue.folder.path).contains("running") == false)
    }

    @Test("A command's progress becomes events, and lines that are none are passed over") func progress() async throws {
        try queue.add(
            .shell(
                #"""
                printf 'nonsense\n{"stage":"training","step":1,"count":4}\n{"stage":1}\n%05000d\n{"stage":"training","step":4,"count":4}\n' 0 >&3
                printf '{"stage":"half' >&3
                """#))
        try await work()
        let events = try queue.events(of: 1).filter { $0.kind == .progress }
        #expect(events.map(\.step) == [1, 4] && events.allSatisfy { $0.stage == "training" && $0.steps == 4 })
        #expect(try queue.job(1).state == .completed && queue.job(1).stage == "training")
    }

    @Test("A command finds the folder and the variables that it was queued with, whatever the worker's are") func surroundings()
        async throws
    {
        var command = CommandJob(
            arguments: ["-c", #"echo "$PWD $FADER_TEST ${HOME-none}""#], directory: folder.url.resolvingSymlinksInPath().path,
            environment: ["FADER_TEST": "queued", "HOME": nil])
        try queue.add(.command(command))
        command.directory = "/nowhere/at/all"
        try queue.add(.command(command))
        try await work()
        #expect(try queue.job(1).result?.text == "\(folder.url.resolvingSymlinksInPath().path) queued none")
        #expect(try queue.job(2).error == JobError.directoryMissing("/nowhere/at/all").description)
    }

    @Test("A command that runs is cancelled by what Ctrl-C sends, and has time to save") func cancelling() async throws {
        let (begun, saved) = (folder.url.appendingPathComponent("begun").path, folder.url.appendingPathComponent("saved").path)
        let line = "trap 'echo saved > \(saved); exit 130' INT; touch \(begun); while true; do sleep 0.05; done"
        try queue.add(.shell(line))
        try queue.add(.shell("true"))
        let worker = Task { try await work() }
        while !FileManager.default.fileExists(atPath: begun) { try await Task.sleep(for: .milliseconds(20)) }
        try JobQueue(folder: queue.folder).cancel(1)
        try await worker.value
        #expect(FileManager.default.fileExists(atPath: saved))
        #expect(try queue.history() == ["1 queued", "2 queued", "1 started", "1 cancelled", "2 started", "2 completed"])
    }

    @Test("A worker that is stopped queues the job in hand anew, which then goes on as one that was begun before") func stopping()
        async throws
    {
        let begun = folder.url.appendingPathComponent("begun").path
        let line =
            "trap 'exit 130' INT; if [ \"$0\" = again ]; then echo went on; exit 0; fi; touch \(begun); while true; do sleep 0.05; done"
        try queue.add(.shell(line, continued: ["again"]))
        let worker = Task { try await JobWorker(shellFor: queue).run() }
        while !FileManager.default.fileExists(atPath: begun) { try await Task.sleep(for: .milliseconds(20)) }
        worker.cancel()
        await #expect(throws: CancellationError.self) { try await worker.value }
        #expect(try queue.job(1).state == .queued && !WorkerLock.isHeld(in: queue.folder))
        try await work()
        #expect(try queue.job(1).result?.text == "went on" && queue.job(1).attempts == 2)
        #expect(try queue.history() == ["1 queued", "1 started", "1 queued", "1 started", "1 completed"])
    }

    @Test("A second worker is refused, and one that may wait takes over") func twoWorkers() async throws {
        let lock = try #require(try WorkerLock.take(in: queue.folder))
        await #expect(throws: JobError.workerIsRunning) { try await work() }
        let waiting = Task { try await JobWorker(shellFor: queue).run() }
        try queue.add(.shell("true"))
        try await Task.sleep(for: .milliseconds(300))
        #expect(try queue.job(1).state == .queued)
        lock.release()
        try await queue.wait(for: .completed, of: 1)
        #expect(try queue.job(1).state == .completed)
        waiting.cancel()
        _ = await waiting.result
    }

    @Test("Jobs that cannot be read fail in a sentence, and the next one is done") func unreadable() async throws {
        for _ in 0..<4 { try queue.add(.shell("true")) }
        try queue.tamper(#"UPDATE jobs SET request = '{"paint": {"wall": 1}}' WHERE id = 1"#)
        try queue.tamper("UPDATE jobs SET request = x'00ff00' WHERE id = 2")
        try queue.tamper(#"UPDATE jobs SET request = '{"command": {"_0": {"arguments": 5}}}' WHERE id = 3"#)
        try await work()
        #expect(try (1...4).map { try queue.job($0).state } == [.failed, .failed, .failed, .completed])
        #expect(try queue.job(1).error == JobError.unreadableRequest(job: 1).description)
    }

    @Test("A program that is not there is told in a sentence") func missingProgram() async throws {
        try queue.add(.shell("true"))
        try await JobWorker(queue, program: URL(fileURLWithPath: "/nowhere/fader")).run(idle: .zero)
        #expect(try queue.job(1).error == "/nowhere/fader: the program cannot be started: no such file or directory.")
    }
}
