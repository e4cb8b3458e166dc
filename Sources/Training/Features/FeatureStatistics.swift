import Networks
import Tensors

/// What is known of one feature of a sparse autoencoder.
public struct FeatureStatistics: Sendable, Codable, Equatable {
    public var index: Int
    /// The factor value that it separates best, and whether that is unclear.
    public var label: String
    /// How well it separates it: F1 with the best threshold.
    public var score: Double
    /// The part of the scenes in which it is active.
    public var density: Double
    /// Its mean activation where it is active, and its largest.
    public var mean, maximum: Double
    /// The length of its direction.
    public var norm: Double
}
