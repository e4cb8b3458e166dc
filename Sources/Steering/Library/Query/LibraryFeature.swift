import GRDB

/// What a library knows of one feature.
public struct LibraryFeature: Sendable, Equatable, Identifiable {
    /// Where a label comes from.
    public enum LabelSource: String, Sendable, Codable {
        /// The user gave it; it wins over every other and survives rebuilding.
        case user
        /// The pack's `features.json` has it.
        case pack
        /// The direction of the feature lies nearest to the direction of these words.
        case words
    }

    /// Its place in the autoencoder.
    public let index: Int
    /// What it stands for, where that is known.
    public let label: String?
    public let labelSource: LabelSource?
    /// How well the label fits, where it is not the user's: for words the cosine of the two directions.
    public let score: Float?
    /// The label that would be next, and how well that fits.
    public let runnerUp: String?
    public let runnerUpScore: Float?
    /// The part of all pictures in which it is active; nil when no picture has been counted.
    public let density: Float?
    /// Its mean activation where it is active, and its largest.
    public let mean, maximum: Float?
    /// The length of its direction.
    public let norm: Float?

    public var id: Int { index }

    /// Whether no words come near enough to it; `runnerUp` then are those that come nearest.
    public var isUnclear: Bool { label == nil && labelSource == .words }

    /// An activation that shows what the feature does: the largest that was seen; nil when none was.
    public var typicalActivation: Float? { maximum.flatMap { $0 > 0 ? $0 : nil } }

    static let columns = """
        features.id, coalesce(user_label, features.label), CASE WHEN user_label IS NOT NULL THEN 'user' ELSE label_source END, score, runner_up,
        runner_up_score, density, mean, maximum, norm
        """

    init(_ row: Row) throws {
        index = try row.decode(Int.self, atIndex: 0)
        label = try row.decode(String?.self, atIndex: 1)
        labelSource = try row.decode(String?.self, atIndex: 2).flatMap(LabelSource.init)
        score = labelSource == .user ? nil : try row.decode(Float?.self, atIndex: 3)
        runnerUp = labelSource == .user ? nil : try row.decode(String?.self, atIndex: 4)
        runnerUpScore = labelSource == .user ? nil : try row.decode(Float?.self, atIndex: 5)
        density = try row.decode(Float?.self, atIndex: 6)
        mean = try row.decode(Float?.self, atIndex: 7)
        maximum = try row.decode(Float?.self, atIndex: 8)
        norm = try row.decode(Float?.self, atIndex: 9)
    }
}
