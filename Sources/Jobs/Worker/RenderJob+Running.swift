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
            return try await engine.render(request, previews: previews, sharing: .background, progress: progress)
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
        let made = try await engine.withAnalysis(of: source, progress: progress) { try await render(.picture($0)) }
        return (made, written)
    }
}

extension Engine {
    /// Makes something of a picture, which is analysed again where others have opened so many meanwhile that the engine has let go of it.
    nonisolated func withAnalysis<Value: Sendable>(
        of picture: Picture, progress: @escaping @Sendable (WorkProgress) -> Void, _ work: (AnalysisID) async throws -> Value
    ) async throws -> Value {
        let mostAttempts = 3
        for attempt in 1... {
            let analysis = try await analyse(picture, progress: progress)
            do {
                let value = try await work(analysis.id)
                await release(analysis.id)
                return value
            } catch SteeringError.unknownAnalysis where attempt < mostAttempts {
            } catch {
                await release(analysis.id)
                throw error
            }
        }
        throw SteeringError.unknownAnalysis
    }
}
