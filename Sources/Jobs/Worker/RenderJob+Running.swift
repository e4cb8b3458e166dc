import Files
import Foundation
import Pictures
import Steering

extension RenderJob {
    /// Makes the picture and saves it with its recipe; whatever else is asked of the engine goes first.
    /// - Parameter file: where it goes unless the job says where.
    func run(on opened: JobEngines.Opened, file: URL, progress: @escaping @Sendable (WorkProgress) -> Void) async throws -> JobResult {
        let (engine, pack) = opened
        let destination = output.map(URL.init(fileURLWithPath:)) ?? file
        let format = try PictureFormat(suffixOf: destination)
        try pack.requireFeatures(of: recipe.stack)
        let (made, written) = try await picture(engine, pack, progress)
        try AtomicFile.write(made.encoded(as: format, text: format.carriesText ? [written.pngText] : []), to: destination)
        return JobResult(files: [destination.path])
    }

    private func picture(
        _ engine: Engine, _ pack: PackSummary, _ progress: @escaping @Sendable (WorkProgress) -> Void
    ) async throws -> (Picture, Recipe) {
        let stack = recipe.stack
        func render(_ origin: RenderRequest.Origin) async throws -> Picture {
            let request = RenderRequest(origin, stack: stack, sampling: recipe.sampling, size: size)
            return try await engine.render(request, previews: previews, givesWay: true, progress: progress)
        }
        guard let path = picture else {
            guard let prompt = recipe.prompt else { throw SteeringError.mismatch("The job names neither a picture nor a prompt.") }
            return (
                try await render(.prompt(prompt)), Recipe(pack: pack.reference, prompt: prompt, sampling: recipe.sampling, stack: stack)
            )
        }
        let content = try Picture.contents(of: URL(fileURLWithPath: path))
        let source = try Picture(data: content, name: path)
        let written = Recipe(
            pack: pack.reference, picture: .init(path: path, content: content), sampling: recipe.sampling, stack: stack)
        let mostAttempts = 3
        for attempt in 1... {
            let analysis = try await engine.analyse(source, progress: progress)
            do {
                let made = try await render(.picture(analysis.id))
                await engine.release(analysis.id)
                return (made, written)
            } catch SteeringError.unknownAnalysis where attempt < mostAttempts {
                // Others have opened so many pictures meanwhile that the engine has let go of this one.
            } catch {
                await engine.release(analysis.id)
                throw error
            }
        }
        throw SteeringError.unknownAnalysis
    }
}
