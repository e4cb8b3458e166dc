import Networks
import Tensors

extension Engine {
    /// Makes a direction between two texts, or from the same texts without a phrase.
    /// - Throws: `SteeringError.packPartMissing` when the pack has no text tower, `SteeringError.unsuitablePhrase` for what it cannot read.
    public func direction(
        _ definition: Direction.Definition, named name: String, progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }
    ) throws -> Direction {
        try working { try $0.direction(definition, named: name, progress) }
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
    ) throws -> Direction {
        let direction = try direction(definition, named: name ?? definition.name, progress: progress)
        try library.save(direction)
        return direction
    }

    /// What a direction is made of: the features whose directions lie closest to it, forwards or backwards, with their cosines, closest first.
    public func features(along direction: Direction, count: Int) throws -> [FeatureMatch] {
        try working { try $0.features(along: direction, count: count) }
    }
}
