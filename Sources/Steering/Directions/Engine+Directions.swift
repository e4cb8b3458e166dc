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

    /// What a direction is made of: the features whose directions lie closest to it, forwards or backwards, with their cosines, closest first.
    public func features(along direction: Direction, count: Int) throws -> [FeatureMatch] {
        try working { try $0.features(along: direction, count: count) }
    }
}
