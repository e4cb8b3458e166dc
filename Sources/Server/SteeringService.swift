import Foundation
import Pictures
import Steering
import Synchronization

/// The engine with its open pack, as routes use it: bounded in how many wait for it, and with pictures known by their hash.
final class SteeringService: Sendable {
    let engine: Engine
    let pack: PackSummary
    let store: PictureStore
    private let mostRequests: Int
    private let waiting = Mutex(0)
    /// What the engine has analysed, by the picture's hash; it may let go of any.
    private let analyses = Mutex<[(picture: String, analysis: AnalysisSummary)]>([])
    /// Pictures are decoded one after the other, so that large ones do not fill the memory together, and away from the threads that serve others.
    private let decoding = DispatchQueue(label: "decoding")

    init(_ engine: Engine, _ pack: PackSummary, _ store: PictureStore, mostRequests: Int) {
        self.engine = engine
        self.pack = pack
        self.store = store
        self.mostRequests = mostRequests
    }

    /// Does work that takes the engine, unless too many wait for it.
    /// - Throws: `HTTPFailure` when they do; what `work` throws.
    func admitted<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        let isAdmitted = waiting.withLock { waiting in
            guard waiting < mostRequests else { return false }
            waiting += 1
            return true
        }
        guard isAdmitted else { throw HTTPFailure(.serviceUnavailable, "The server is busy; try again in a moment.") }
        defer { waiting.withLock { $0 -= 1 } }
        return try await work()
    }

    /// The largest width × height of a picture that is uploaded, in pixels.
    private static let largestArea = 200_000_000

    /// - Throws: `PictureError`.
    func decoded(_ bytes: Data) async throws -> Picture {
        try await withCheckedThrowingContinuation { continuation in
            decoding.async {
                continuation.resume(with: Result { try Picture(data: bytes, name: "the picture", area: Self.largestArea) })
            }
        }
    }

    /// What the engine knows of an uploaded picture, found out where it has to be.
    /// - Throws: `HTTPFailure` when there is no such picture.
    func analysis(of picture: String, progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }) async throws -> AnalysisSummary {
        if let known = analyses.withLock({ $0.first { $0.picture == picture }?.analysis }) { return known }
        guard let bytes = store.upload(picture) else { throw HTTPFailure.unknownPicture }
        let analysis = try await engine.analyse(decoded(bytes), progress: progress)
        analyses.withLock { analyses in
            analyses.removeAll { $0.picture == picture }
            analyses.append((picture, analysis))
            if analyses.count > Engine.capacity { analyses.removeFirst() }
        }
        return analysis
    }

    /// How often a picture is analysed for one request where others push it out before it is used.
    private static let mostAttempts = 8

    /// Does something with an analysed picture, which is analysed anew where the engine has let go of it meanwhile.
    func withAnalysis<Value: Sendable>(
        of picture: String, progress: @escaping @Sendable (WorkProgress) -> Void = { _ in },
        _ work: (AnalysisSummary) async throws -> Value
    ) async throws -> Value {
        for _ in 0..<Self.mostAttempts {
            let analysis = try await analysis(of: picture, progress: progress)
            do {
                return try await work(analysis)
            } catch SteeringError.unknownAnalysis {
                analyses.withLock { $0.removeAll { $0.analysis.id == analysis.id } }
            }
        }
        throw HTTPFailure(.serviceUnavailable, "Too many pictures are being worked on; try again in a moment.")
    }
}

extension HTTPFailure {
    static let unknownPicture = HTTPFailure(.notFound, "There is no picture of this hash; upload it first.")
}

// MARK: Rendering

extension SteeringService {
    /// What a request for a render asks for, with its edits as they are meant in its picture.
    /// - Throws: `HTTPFailure`, and what is wrong with an edit.
    func recipe(_ body: RenderBody, progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }) async throws -> Recipe {
        let sampling = try body.sampling(pack)
        let edits = try body.edits(pack)
        if let id = body.picture {
            let stack =
                edits.areRelative
                ? try await withAnalysis(of: id, progress: progress) { try edits.stack(on: await engine.activations($0.id)) }
                : try edits.stack(count: pack.featureCount)
            return Recipe(pack: pack.reference, picture: .init(path: id, sha256: id), sampling: sampling, stack: stack)
        }
        let prompt = Prompt(body.prompt ?? "", negative: body.negativePrompt, seed: body.seed ?? body.recipe?.seed ?? 0)
        let stack =
            edits.areRelative
            ? try edits.stack(on: await engine.activations(of: prompt, sharing: .inTurn, progress: progress))
            : try edits.stack(count: pack.featureCount)
        return Recipe(pack: pack.reference, prompt: prompt, sampling: sampling, stack: stack)
    }

    /// Makes the picture of a recipe, which begins with an uploaded picture or a prompt.
    func render(
        _ recipe: Recipe, size: RenderRequest.Size, previews: Bool, progress: @escaping @Sendable (WorkProgress) -> Void
    ) async throws -> Picture {
        func render(_ origin: RenderRequest.Origin) async throws -> Picture {
            let request = RenderRequest(origin, stack: recipe.stack, sampling: recipe.sampling, size: size)
            return try await engine.render(request, previews: previews, sharing: .inTurn, progress: progress)
        }
        if let id = recipe.picture?.sha256 {
            return try await withAnalysis(of: id, progress: progress) { try await render(.picture($0.id)) }
        }
        guard let prompt = recipe.prompt else { throw HTTPFailure(.unprocessableEntity, "Give either a \"picture\" or a \"prompt\".") }
        return try await render(.prompt(prompt))
    }
}
