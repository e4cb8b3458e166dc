import Foundation
import Pictures
import Steering

/// A recipe's edits made in one picture after another, several of one size at a time.
struct RenderSeries {
    /// A picture that waits for others of its size.
    private struct Waiting {
        let path: String
        let content: Data
        let analysis: AnalysisSummary
    }

    private let recipe: Recipe
    private let engine: Engine
    private let pack: PackSummary
    private let count: Int
    private let bar: ProgressBar
    private let log: Log
    private var waiting: [Waiting] = []
    private var destinations: PictureDestinations
    private var handled = 0
    /// How many pictures are made.
    private(set) var done = 0

    /// - Parameter count: how many pictures there are in all, for the progress.
    init(
        _ recipe: Recipe, _ engine: Engine, _ pack: PackSummary, _ destinations: PictureDestinations, count: Int, _ bar: ProgressBar,
        _ log: Log
    ) {
        self.recipe = recipe
        self.engine = engine
        self.pack = pack
        self.destinations = destinations
        self.count = count
        self.bar = bar
        self.log = log
    }

    /// Reads a picture, and makes those that wait as soon as they are enough.
    mutating func take(_ path: String) async throws {
        do {
            let (picture, content) = try Files.picture(path)
            let analysis = try await engine.analyse(picture)
            let activations = try await engine.activations(analysis.id)
            if !recipe.stack.isEmpty && recipe.stack.changes({ activations[$0] }).isEmpty {
                bar.clear()
                StandardError.say("\(path): the recipe's edits change nothing in this picture.")
            }
            waiting.append(Waiting(path: path, content: content, analysis: analysis))
        } catch {
            try fail(path, error)
        }
        while let batch = nextBatch(isLast: false) { try await make(batch) }
    }

    /// Makes those that still wait.
    mutating func finish() async throws {
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
                try save(picture, item)
                // The engine holds few pictures, and would let go of one that waits before one that is done.
                await engine.release(item.analysis.id)
            }
        } catch  where batch.count > 1 && !(error is CancellationError) {
            // One of them is at fault: alone, the others can still be made.
            for item in batch { try await make([item]) }
        } catch {
            for item in batch {
                try fail(item.path, error)
                await engine.release(item.analysis.id)
            }
        }
    }

    private func rendered(_ batch: [Waiting]) async throws -> [Picture] {
        var requests: [RenderRequest] = []
        for item in batch {
            let activations = try await engine.activations(item.analysis.id)
            requests.append(
                RenderRequest(
                    analysis: item.analysis.id, changes: recipe.stack.changes { activations[$0] }, sampling: recipe.sampling,
                    restoresSize: true))
        }
        let (handled, total, bar) = (handled, count, bar)
        return try await engine.render(requests) { progress in
            guard progress.stage == .rendering else { return }
            let step = handled * progress.count + progress.step * batch.count
            bar.show(WorkProgress(.rendering, step: step, count: total * progress.count))
        }
    }

    /// A picture that cannot be saved is told; the others are made all the same.
    private mutating func save(_ picture: Picture, _ item: Waiting) throws {
        do {
            let destination = try destinations.next(for: item.path)
            var written = recipe
            written.pack = Recipe.PackReference(name: pack.name, fingerprint: pack.fingerprint)
            written.picture = Recipe.PictureReference(path: item.path, content: item.content)
            try Files.write(picture, written.pngText, to: destination)
            handled += 1
            done += 1
            log.write("\(item.path) is \(destination)")
        } catch {
            try fail(item.path, error)
        }
    }

    private mutating func fail(_ path: String, _ error: any Error) throws {
        if error is CancellationError { throw error }
        handled += 1
        bar.clear()
        let sentence = Sentence.of(error)
        StandardError.say(sentence.contains(path) ? sentence : "\(path): \(sentence)")
        log.write("failed: \(path): \(sentence)")
    }
}
