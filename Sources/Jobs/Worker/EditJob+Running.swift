import Files
import Foundation
import Pictures
import Steering

extension EditJob {
    /// Makes and saves both pictures; whatever else is asked of the engine goes first.
    func run(on opened: JobEngines.Opened, progress: @escaping @Sendable (WorkProgress) -> Void) async throws -> JobResult {
        let (engine, pack) = opened
        guard let content = try? Picture.contents(of: URL(fileURLWithPath: picture)) else { throw JobError.pictureMissing }
        let source = try Picture(data: content, name: "the picture")
        let definition = Direction.Definition(to: prompt, count: textCount, seed: 0)
        let direction = try await engine.direction(definition, named: prompt, sharing: .background, progress: progress)
        var stack = EditStack()
        stack.append(direction: direction, value: amount)
        let stacks = [stack, EditStack()]
        let pictures = try await engine.withAnalysis(of: source, progress: progress) { analysis in
            let requests = stacks.map {
                RenderRequest(.picture(analysis), stack: $0, sampling: Sampling(steps: pack.steps), size: .original)
            }
            return try await engine.render(requests, sharing: .background, progress: progress)
        }
        let files = [edited, restored]
        for (picture, file) in zip(pictures, files) { try AtomicFile.write(picture.pngData(), to: URL(fileURLWithPath: file)) }
        return JobResult(files: files)
    }
}
