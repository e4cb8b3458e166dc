import Foundation
import Pictures

/// A recipe's edits made in one picture after another, several of one size at a time.
public struct RecipeSeries {
    /// What becomes of the pictures.
    public enum Event: Sendable {
        case progress(WorkProgress)
        /// The recipe's edits change nothing in this picture.
        case unchanged(String)
        case failed(String, any Error)
    }

    /// Takes a finished picture, the recipe that makes it again, and the name of the picture that it was made from.
    public typealias Save = (_ picture: Picture, _ recipe: Recipe, _ name: String) throws -> Void

    /// A picture that waits for others of its size.
    private struct Waiting {
        let reference: Recipe.PictureReference
        let analysis: AnalysisSummary
    }

    private let recipe: Recipe
    private let engine: Engine
    private let pack: PackSummary
    private let count: Int
    private let save: Save
    private let tell: @Sendable (Event) -> Void
    private var waiting: [Waiting] = []
    private var handled = 0
    /// How many pictures are made.
    public private(set) var done = 0

    /// - Parameters:
    ///   - pack: the one that the engine has open.
    ///   - count: how many pictures there are in all, for the progress.
    ///   - recipe: whose edits are applied.
    ///   - engine: has the pack open.
    ///   - save: saves each picture.
    ///   - tell: called with what happens.
    /// - Throws: `SteeringError.featureOutOfRange` when the recipe changes a feature that the pack does not have.
    public init(
        _ recipe: Recipe, _ engine: Engine, _ pack: PackSummary, count: Int, save: @escaping Save,
        tell: @escaping @Sendable (Event) -> Void
    ) throws {
        try pack.requireFeatures(of: recipe.stack)
        self.recipe = recipe
        self.engine = engine
        self.pack = pack
        self.count = count
        self.save = save
        self.tell = tell
    }

    /// Reads a picture, and makes those that wait as soon as they are enough.
    /// - Parameters:
    ///   - read: the picture and the content of its file.
    ///   - name: the path of the picture.
    /// - Throws: `CancellationError`; a picture that fails is reported and does not stop the others.
    public mutating func take(_ name: String, _ read: () throws -> (picture: Picture, content: Data)) async throws {
        do {
            let (picture, content) = try read()
            let analysis = try await engine.analyse(picture)
            let activations = try await engine.activations(analysis.id)
            if !recipe.stack.isEmpty && recipe.stack.changes({ activations[$0] }).isEmpty { tell(.unchanged(name)) }
            waiting.append(Waiting(reference: Recipe.PictureReference(path: name, content: content), analysis: analysis))
        } catch {
            try fail(name, error)
        }
        while let batch = nextBatch(isLast: false) { try await make(batch) }
    }

    /// Makes those that still wait.
    /// - Throws: `CancellationError`.
    public mutating func finish() async throws {
        while let batch = nextBatch(isLast: true) { try await make(batch) }
    }

    /// Pictures of one size, where there are enough of them or the engine cannot hold more.
    private mutating func nextBatch(isLast: Bool) -> [Waiting]? {
        let bySize = Dictionary(grouping: waiting.indices) { [waiting[$0].analysis.picture.width, waiting[$0].analysis.picture.height] }
        guard let (size, places) = bySize.max(by: { $0.value.count < $1.value.count }) else { return nil }
        let full = Engine.batchSize(width: size[0], height: size[1])
        guard isLast || places.count >= full || waiting.count == Engine.capacity else { return nil }
        let chosen = Set(places.prefix(full))
        let batch = chosen.sorted().map { waiting[$0] }
        waiting = waiting.indices.filter { !chosen.contains($0) }.map { waiting[$0] }
        return batch
    }

    private mutating func make(_ batch: [Waiting]) async throws {
        do {
            for (item, picture) in zip(batch, try await rendered(batch)) {
                try keep(picture, item)
                // The engine holds few pictures, and would let go of one that waits before one that is done.
                await engine.release(item.analysis.id)
            }
        } catch  where batch.count > 1 && !(error is CancellationError) {
            // One of them is at fault: alone, the others can still be made.
            for item in batch { try await make([item]) }
        } catch {
            for item in batch {
                try fail(item.reference.path, error)
                await engine.release(item.analysis.id)
            }
        }
    }

    private func rendered(_ batch: [Waiting]) async throws -> [Picture] {
        let requests = batch.map {
            RenderRequest(.picture($0.analysis.id), stack: recipe.stack, sampling: recipe.sampling, size: .original)
        }
        let (handled, total, tell) = (handled, count, tell)
        return try await engine.render(requests) { progress in
            guard progress.stage == .rendering else { return }
            let step = handled * progress.count + progress.step * batch.count
            tell(.progress(WorkProgress(.rendering, step: step, count: total * progress.count)))
        }
    }

    /// A picture that cannot be saved is reported; the others are made all the same.
    private mutating func keep(_ picture: Picture, _ item: Waiting) throws {
        do {
            let written = Recipe(pack: pack.reference, picture: item.reference, sampling: recipe.sampling, stack: recipe.stack)
            try save(picture, written, item.reference.path)
            handled += 1
            done += 1
        } catch {
            try fail(item.reference.path, error)
        }
    }

    private mutating func fail(_ name: String, _ error: any Error) throws {
        if error is CancellationError { throw error }
        handled += 1
        tell(.failed(name, error))
    }
}
