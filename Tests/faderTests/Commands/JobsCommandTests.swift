import Foundation
import Jobs
import Pictures
import Steering
import TestSupport
import Testing

@Suite("fader jobs", .serialized) struct JobsCommandTests {
    private let folder: TemporaryFolder
    private let queue: JobQueue

    init() throws {
        folder = try TemporaryFolder()
        queue = try JobQueue(environment: ["XDG_STATE_HOME": folder.url.path])
    }

    private func run(_ arguments: String..., shell: String? = nil) throws -> Program.Outcome {
        try Program.run(arguments, shell: shell, environment: ["XDG_STATE_HOME": folder.url.path])
    }

    private func path(_ name: String) -> String { folder.url.appendingPathComponent(name).path }

    private func text(_ outcome: Program.Outcome) -> String { String(decoding: outcome.output, as: UTF8.self) }

    /// Starts a worker that ends when nothing waits.
    private func startWorker() throws -> Process {
        let process = Process()
        process.executableURL = Program.executable
        process.arguments = ["jobs", "work", "--idle", "0", "--quiet"]
        process.environment = Program.environment.merging(["XDG_STATE_HOME": folder.url.path]) { $1 }
        (process.standardInput, process.standardOutput, process.standardError) = (
            FileHandle.nullDevice, FileHandle.nullDevice, FileHandle.nullDevice
        )
        try process.run()
        return process
    }

    private func wait(for kind: JobEvent.Kind, of job: Int64) async throws {
        var last: Int64 = 0
        let end = ContinuousClock.now + .seconds(300)
        while ContinuousClock.now < end {
            for event in try await queue.nextEvents(after: last, of: job, timeout: .seconds(5)) {
                if event.kind == kind { return }
                last = event.number
            }
        }
    }

    @Test("A render that is queued with relative paths is made in the background, as it would have been made at once")
    func background() throws {
        let start = ["sample.png", "--set", "5=20", "--steps", "3", "--seed", "4"]
        try FileManager.default.copyItem(atPath: Program.samples[0], toPath: path("sample.png"))
        let shell = #"cd "$1" && shift && "$0" "$@""#
        let queued = try Program.run(
            [folder.url.path, "render"] + start + ["-o", "later.png", "--queue"], shell: shell,
            environment: ["XDG_STATE_HOME": folder.url.path])
        #expect(queued.code == 0 && text(queued) == "Job 1 is queued; fader jobs watch 1 follows it.\n", "\(queued.complaint)")
        let now = try Program.run([folder.url.path, "render"] + start + ["-o", "now.png"], shell: shell)
        #expect(now.code == 0)
        let watched = try run("jobs", "watch", "1")
        #expect(
            watched.code == 0 && text(watched).contains("Job 1 is completed: \(URL(fileURLWithPath: path("later.png")).path)"),
            "\(text(watched))")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path("later.png"))) == Data(contentsOf: URL(fileURLWithPath: path("now.png"))))
        #expect(try queue.events(of: 1).contains { $0.kind == .progress && $0.stage == "rendering" })
        let shown = try run("jobs", "show", "1", "--json")
        let details = try #require(try JSONSerialization.jsonObject(with: shown.output) as? [String: Any])
        #expect((details["job"] as? [String: Any])?["state"] as? String == "completed")
        #expect((details["events"] as? [[String: Any]])?.first?["kind"] as? String == "queued")
    }

    @Test("When the worker is killed in the middle of twenty jobs, all twenty finish after a restart, each once") func killed() async throws
    {
        var stack = EditStack()
        stack.append(feature: 5, value: 20)
        let sample = Program.samples[0]
        for number in 0..<20 {
            let recipe = Recipe(
                pack: .init(name: "demo", fingerprint: ""), picture: .init(path: sample, sha256: ""),
                sampling: Sampling(steps: 6, start: .noise(seed: UInt64(number))), stack: stack)
            // Every fifth is a program of its own, which must not go on when its worker is gone.
            let isCommand = number % 5 == 4
            try queue.add(
                isCommand
                    ? .command(
                        CommandJob(
                            arguments: ["render", sample, "--steps", "6", "--seed", String(number), "-o", path("\(number).png")],
                            directory: "/", environment: ["FADER_PACK": Program.demo]))
                    : .render(RenderJob(pack: Program.demo, picture: sample, recipe: recipe, output: path("\(number).png"))))
        }
        for kill in [7, 10] as [Int64] {
            let worker = try startWorker()
            try await wait(for: .progress, of: kill)
            Foundation.kill(worker.processIdentifier, SIGKILL)
            worker.waitUntilExit()
            #expect(try queue.jobs().contains { $0.state == .running } && queue.jobs().contains { $0.state == .queued })
        }
        let worker = try startWorker()
        worker.waitUntilExit()
        #expect(worker.terminationStatus == 0)
        let jobs = try queue.jobs()
        #expect(jobs.count == 20 && jobs.allSatisfy { $0.state == .completed }, "\(jobs.compactMap(\.error))")
        let events = try queue.events(limit: 100_000)
        for job in Int64(1)...20 {
            #expect(events.filter { $0.job == job && $0.kind == .completed }.count == 1)
            #expect(events.filter { $0.job == job }.last?.kind == .completed)
            _ = try Picture(contentsOf: URL(fileURLWithPath: path("\(job - 1).png")))
        }
        #expect(try queue.job(7).attempts == 2 && queue.job(10).attempts == 2 && queue.job(1).attempts == 1)
        #expect(try folder.names.filter { $0.hasSuffix(".tmp") }.isEmpty)
    }

    @Test("A command that runs is cancelled, says so, and can be tried again") func cancelling() async throws {
        #expect(try run("render", Program.samples[0], "--steps", "1000", "--seed", "1", "-o", path("a.png"), "--queue").code == 0)
        #expect(try run("render", Program.samples[0], "--steps", "2", "--seed", "1", "-o", path("b.png"), "--queue").code == 0)
        try await wait(for: .progress, of: 1)
        #expect(text(try run("jobs", "cancel", "1")) == "Job 1 ends at its next step.\n")
        let watched = try run("jobs", "watch", "1")
        #expect(watched.code == 1 && text(watched).hasSuffix("Job 1 is cancelled.\n"))
        #expect(try run("jobs", "watch", "2").code == 0)
        #expect(try folder.names.contains("a.png") == false && folder.names.contains("b.png"))
        try run("jobs", "cancel", "1").expectOneSentence()
        #expect(text(try run("jobs", "retry", "1")) == "Job 1 is queued.\n")
        #expect(try run("jobs", "cancel", "1").code == 0)
        #expect(try run("jobs", "watch", "1").code == 1)
        #expect(text(try run("jobs", "clear")) == "2 jobs forgotten.\n")
        #expect(text(try run("jobs")) == "There are no jobs; commands with --queue make some.\n")
    }

    @Test("A training that is queued tells its progress, saves when it is cancelled, and goes on when it is tried again") func training()
        async throws
    {
        let header = #"{"rows":{"dtype":"F32","shape":[64,8],"data_offsets":[0,2048]}}"#
        var embeddings = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
        for number in 0..<512 { withUnsafeBytes(of: Float(number % 7).bitPattern.littleEndian) { embeddings += Data($0) } }
        try embeddings.write(to: folder.url.appendingPathComponent("embeddings.safetensors"))
        let queued = try run(
            "train", "sae", "--embeddings", path("embeddings.safetensors"), "--folder", path("training"), "--features", "16", "--keep", "4",
            "--batch", "32", "--minutes", "0.2", "--queue")
        #expect(queued.code == 0, "\(queued.complaint)")
        try await wait(for: .progress, of: 1)
        #expect(try run("jobs", "cancel", "1").code == 0)
        #expect(try run("jobs", "watch", "1").code == 1)
        #expect(FileManager.default.fileExists(atPath: path("training/checkpoint.safetensors")))
        #expect(!FileManager.default.fileExists(atPath: path("training/model.safetensors")))
        #expect(try run("jobs", "retry", "1").code == 0)
        #expect(try run("jobs", "watch", "1").code == 0)
        #expect(try queue.job(1).attempts == 2 && queue.job(1).result?.text?.contains("variance explained") == true)
        #expect(FileManager.default.fileExists(atPath: path("training/model.safetensors")))
    }

    @Test("A library build that was cancelled goes on when it is tried again, and counts each picture once") func library() async throws {
        let pictures = folder.url.appendingPathComponent("pictures")
        try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
        for number in 0..<120 {
            let sample = Program.samples[number % Program.samples.count]
            try FileManager.default.createSymbolicLink(
                at: pictures.appendingPathComponent("\(number).png"), withDestinationURL: URL(fileURLWithPath: sample))
        }
        let queued = try run("library", "build", "--pictures", pictures.path, "--library", path("features.sqlite"), "--queue")
        #expect(queued.code == 0, "\(queued.complaint)")
        try await cancelAndRetry { $0.stage == "embedding" && ($0.step ?? 0) > 0 }
        let job = try queue.job(1)
        #expect(job.result?.text?.hasPrefix("120 embeddings, ") == true, "\(job)")
    }

    @Test(
        "Every stage of training that is queued goes on from its checkpoint when it is begun again",
        arguments: [["autoencoder"], ["refinement"], ["clip"], ["decoder"], ["reader"], ["sae", "--embeddings", Program.samples[0]]])
    func stages(_ stage: [String]) throws {
        // Nobody begins with it here.
        let lock = try #require(try WorkerLock.take(in: queue.folder))
        defer { lock.release() }
        let queued = try Program.run(
            ["train"] + stage + ["--folder", path("training"), "--queue"], environment: ["XDG_STATE_HOME": folder.url.path])
        #expect(queued.code == 0, "\(queued.complaint)")
        guard case .command(let command) = try queue.job(1).request() else { throw CocoaError(.coderInvalidValue) }
        #expect(command.arguments == ["train"] + stage + ["--folder", path("training")] && command.continuation == ["--resume"])
        #expect(command.arguments.contains("--resume") == false)
    }

    /// Cancels job 1 in the middle of its work, and tries it again, which begins where the first attempt has ended.
    private func cancelAndRetry(_ isInTheMiddle: (JobEvent) -> Bool) async throws {
        var last: Int64 = 0
        var step: Int?
        while step == nil {
            for event in try await queue.nextEvents(after: last, of: 1) {
                last = event.number
                if event.kind.isFinal { throw CancellationError() }
                if event.kind == .progress, isInTheMiddle(event) { step = event.step }
            }
        }
        #expect(try run("jobs", "cancel", "1").code == 0)
        #expect(try run("jobs", "watch", "1").code == 1)
        #expect(try queue.job(1).state == .cancelled)
        last = try queue.lastEvent()
        #expect(try run("jobs", "retry", "1").code == 0)
        let watched = try run("jobs", "watch", "1")
        #expect(watched.code == 0, "\(text(watched))")
        #expect(try queue.job(1).attempts == 2)
        let first = try queue.events(after: last, of: 1).first { $0.kind == .progress && isInTheMiddle($0) }
        #expect(try #require(first?.step) >= (step ?? 0), "it began anew")
    }

    @Test("Names that hold control characters never reach the output raw, whatever the queue holds") func hostileNames() throws {
        let name = "a\u{1B}[2Jb\u{202E}c\nd.png"
        try queue.add(.command(CommandJob(arguments: ["render", name], directory: "/\u{1B}")))
        try queue.cancel(1)
        try queue.add(
            .command(
                CommandJob(arguments: ["render", name, "-o", path("x.png")], directory: "/", environment: ["FADER_PACK": Program.demo])))
        #expect(try run("jobs", "work", "--idle", "0").code == 0)
        #expect(try queue.job(2).state == .failed)
        for arguments in [["list"], ["show", "1"], ["show", "2"], ["watch", "2"], ["list", "--json"], ["show", "2", "--json"]] {
            let outcome = try Program.run(["jobs"] + arguments, environment: ["XDG_STATE_HOME": folder.url.path])
            let shown = text(outcome) + outcome.complaint
            #expect(shown.contains("render") || shown.contains("failed"))
            #expect(!shown.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E && !arguments.contains("--json") })
        }
        #expect(text(try run("jobs", "list")).split(separator: "\n").count == 3)
    }

    @Test(
        "What cannot be done later is refused at once",
        arguments: [
            (["render", "-", "-o", "a.png", "--queue"], Int32(2), "--queue works with files"),
            (["render", "/nowhere/a.png", "-o", "a.png", "--queue"], 1, "/nowhere/a.png"),
            (["render", Program.samples[0], "-o", Program.samples[0], "--queue"], 1, "would replace"),
            (["jobs", "show", "5"], 1, "There is no job 5"), (["jobs", "cancel", "5"], 1, "There is no job 5"),
            (["jobs", "cancel"], 2, "Usage"), (["jobs", "show", "five"], 2, "Usage"), (["jobs", "work", "--idle", "-1"], 2, "--idle"),
            (["features", Program.samples[0], "--queue"], 2, "Usage"),
        ]) func refused(arguments: [String], code: Int32, words: String) throws
    {
        let outcome = try Program.run(arguments, environment: ["XDG_STATE_HOME": folder.url.path])
        #expect(outcome.code == code && outcome.complaint.contains(words), "\(outcome.complaint)")
        #expect(try queue.jobs().isEmpty)
    }

    @Test("A full queue, a damaged one and one that cannot be kept anywhere are told in one sentence") func unusable() throws {
        for _ in 0..<JobQueue.capacity { try queue.add(.command(CommandJob(arguments: ["doctor"], directory: "/"))) }
        let full = try run("render", Program.samples[0], "-o", path("a.png"), "--queue")
        full.expectOneSentence()
        #expect(full.complaint.contains("100 jobs are waiting"))
        let other = try TemporaryFolder()
        try FileManager.default.createDirectory(at: other.url.appendingPathComponent("fader/jobs"), withIntermediateDirectories: true)
        try Data("nothing of the kind, but long enough to look at".utf8).write(
            to: other.url.appendingPathComponent("fader/jobs/queue.sqlite"))
        try Program.run(["jobs"], environment: ["XDG_STATE_HOME": other.url.path]).expectOneSentence()
        try Program.run(["jobs"], environment: ["XDG_STATE_HOME": "/proc"]).expectOneSentence()
    }
}
