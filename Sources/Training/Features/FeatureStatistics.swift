import Networks
import Tensors

/// What is known of one feature of a sparse autoencoder.
public struct FeatureStatistics: Sendable, Codable, Equatable {
    public var index: Int
    /// The factor value that it separates best; nil when it separates none clearly.
    public var label: String?
    /// How well it separates it: F1 with the best threshold.
    public var score: Double?
    /// The part of the scenes in which it fires.
    public var density: Double
    /// Its mean activation where it fires, and its largest.
    public var mean, maximum: Double
    /// The length of its direction.
    public var norm: Double

    enum CodingKeys: String, CodingKey { case index, label, score, density, mean, maximum, norm }

    /// Labels are written even when there is none.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(index, forKey: .index)
        try container.encode(label, forKey: .label)
        try container.encode(score, forKey: .score)
        try container.encode(density, forKey: .density)
        try container.encode(mean, forKey: .mean)
        try container.encode(maximum, forKey: .maximum)
        try container.encode(norm, forKey: .norm)
    }
}
