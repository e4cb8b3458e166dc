import Networks
import Tensors

extension Engine {
    /// Makes a direction between two texts, or from the same texts without a phrase.
    /// - Parameters:
    ///   - definition: the phrases, and how the texts with them are drawn.
    ///   - name: what it is called.
    ///   - sharing: which other calls compute while some texts at a time are embedded.
    ///   - progress: called with how many texts are embedded.
    /// - Throws: `SteeringError.packPartMissing` when the pack has no text tower, `SteeringError.unsuitablePhrase` for what it cannot read.
    public func direction(
        _ definition: Direction.Definition, named name: String, sharing: EngineSharing = .exclusive,
        progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> Direction {
        let pipeline = try opened()
        let work = try computing { try DirectionWork(definition, named: name, pipeline, progress) }
        try await finish(work, sharing, progress)
        return try computing { try work.direction() }
    }

    /// Makes a direction and saves it in a library, replacing an earlier one of its name.
    /// - Parameters:
    ///   - definition: the phrases, and how the texts with them are drawn.
    ///   - name: nil names it after its phrases.
    ///   - library: where it is saved.
    ///   - progress: called with how far the text tower is loaded, and the texts are embedded.
    /// - Throws: what `direction(_:named:)` throws; `LibraryError`.
    public func makeDirection(
        _ definition: Direction.Definition, named name: String? = nil, in library: FeatureLibrary,
        progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> Direction {
        let direction = try await direction(definition, named: name ?? definition.name, progress: progress)
        try library.save(direction)
        return direction
    }

    /// What a direction is made of: the features whose directions lie closest to it, forwards or backwards, with their cosines, closest first.
    public func features(along direction: Direction, count: Int) throws -> [FeatureMatch] {
        try working { try $0.features(along: direction, count: count) }
    }
}
