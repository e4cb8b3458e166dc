import Foundation
import Pictures
import Steering
import TestSupport
import Testing

@testable import Jobs

@Suite("Jobs that make pictures", .serialized) struct RenderJobTests {
    private static let root = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    private static let pack = root.appendingPathComponent("assets/demo").path
    private static let sample = root.appendingPathComponent("assets/samples/01.png").path

    private let folder: TemporaryFolder
    private let queue: JobQueue

    init() throws {
        folder = try TemporaryFolder()
        queue = try JobQueue(folder: folder.url)
    }

    private func job(steps: Int, picture: String = sample, output: String? = nil) -> JobRequest {
        var stack = EditStack()
        stack.append(feature: 5, value: 20)
        let recipe = Recipe(
            pack: .init(name: "demo", fingerprint: ""), picture: .init(path: picture, sha256: ""),
            sampling: Sampling(steps: steps, start: .noise(seed: 3)), stack: stack)
        return .render(RenderJob(pack: Self.pack, picture: picture, recipe: recipe, output: output))
    }

    @Test("A picture is made with progress and previews, and saved with its recipe under the job's own name or the one asked for")
    func pictures() async throws {
        let output = folder.url.appendingPathComponent("mine.png").path
        try queue.add(job(steps: 4))
        try queue.add(job(steps: 4, output: output))
        try queue.add(job(steps: 4, picture: "/nowhere/a.png"))
        try queue.add(job(steps: 4, output: "/tmp/a.gif"))
        try await JobWorker(queue, program: URL(fileURLWithPath: "/bin/false")).run(idle: .zero)
        let jobs = try (1...4).map { try queue.job($0) }
        #expect(jobs.map(\.state) == [.completed, .completed, .failed, .failed], "\(jobs.compactMap(\.error))")
        #expect(jobs[0].result?.files == [queue.resultFile(of: jobs[0]).path] && jobs[1].result?.files == [output])
        #expect(jobs[2].error?.contains("/nowhere/a.png") == true && jobs[3].error?.contains("/tmp/a.gif") == true)
        let made = try [queue.resultFile(of: jobs[0]).path, output].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        #expect(made[0] == made[1])
        let recipe = try #require(try Recipe.contained(in: made[0], name: "made"))
        #expect(recipe.edits.map(\.target) == [5] && recipe.steps == 4)
        #expect(
            recipe.picture == Recipe.PictureReference(path: Self.sample, content: try Data(contentsOf: URL(fileURLWithPath: Self.sample))))
        let events = try queue.events(of: 1)
        #expect(events.contains { $0.kind == .progress && $0.stage == "rendering" && $0.steps == 4 })
        let preview = try #require(events.last { $0.kind == .preview }?.preview)
        #expect(try Picture(data: preview, name: "preview").width == 16)
        #expect(try Self.permissions(of: queue.resultsFolder) == 0o700)
    }

    private static func permissions(of folder: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
    }

    @Test("What people wait for goes first, between two steps, and the job's picture is the same as without") func interactive()
        async throws
    {
        let engine = Engine()
        let pack = try await engine.open(URL(fileURLWithPath: Self.pack))
        let steps = 30
        try queue.add(job(steps: steps))
        let worker = Task {
            try await JobWorker(queue, program: URL(fileURLWithPath: "/bin/false"), engine: (engine, pack)).run(idle: .zero)
        }
        try await queue.wait(for: .preview, of: 1)
        let picture = try Picture(contentsOf: URL(fileURLWithPath: Self.sample))
        for _ in 0..<3 {
            let analysis = try await engine.analyse(picture)
            _ = try await engine.render(RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 2)))
        }
        #expect(try queue.job(1).state == .running)
        try await worker.value
        let undisturbed = try await engine.analyse(picture)
        guard case .render(let request) = job(steps: steps) else { return }
        let expected = try await engine.render(
            RenderRequest(.picture(undisturbed.id), stack: request.recipe.stack, sampling: request.recipe.sampling, size: .original))
        #expect(try Picture(contentsOf: queue.resultFile(of: queue.job(1))) == expected)
    }

    @Test("A picture that is being made is cancelled between two steps, and leaves no file") func cancelling() async throws {
        try queue.add(job(steps: 1000))
        let worker = Task { try await JobWorker(queue, program: URL(fileURLWithPath: "/bin/false")).run(idle: .zero) }
        try await queue.wait(for: .preview, of: 1)
        try queue.cancel(1)
        try await worker.value
        #expect(try queue.job(1).state == .cancelled && queue.job(1).step < 1000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: queue.resultsFolder.path).isEmpty)
    }
}
