/// How strongly one feature shows in two pictures.
public struct FeatureDifference: Sendable, Equatable, Identifiable {
    /// Its place in the autoencoder.
    public let index: Int
    /// What it stands for, where the pack's library knows.
    public let label: String?
    /// The length of its direction ‖d‖.
    public let norm: Float
    /// Its activation in the one picture and in the other, the donor.
    public let own, donor: Float

    public init(index: Int, label: String? = nil, norm: Float, own: Float, donor: Float) {
        self.index = index
        self.label = label
        self.norm = norm
        self.own = own
        self.donor = donor
    }

    public var id: Int { index }

    /// By how much the donor's activation is larger.
    public var amount: Float { donor - own }

    /// How far that moves the embedding, towards the feature or away from it.
    public var effect: Float { amount * norm }

    /// Every feature that two pictures do not show alike, the largest effect first.
    /// - Parameters:
    ///   - own: the active features of the picture that is changed, or of the one that a difference begins at.
    ///   - donor: those of the picture that features come from.
    public static func all(from own: [Feature], to donor: [Feature]) -> [FeatureDifference] {
        func byIndex(_ features: [Feature]) -> [Int: Feature] {
            Dictionary(features.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
        }
        let (mine, theirs) = (byIndex(own), byIndex(donor))
        return Set(mine.keys).union(theirs.keys).compactMap { index -> FeatureDifference? in
            guard let feature = mine[index] ?? theirs[index] else { return nil }
            return FeatureDifference(
                index: index, label: feature.label, norm: feature.norm, own: mine[index]?.activation ?? 0,
                donor: theirs[index]?.activation ?? 0)
        }
        .filter { $0.amount != 0 }
        .sorted { (abs($0.effect), $1.index) > (abs($1.effect), $0.index) }
    }
}

extension FeatureDifference {
    /// Which differences are transferred.
    public enum Choice: Sendable, Equatable {
        case all
        case features(Set<Int>)
        /// Those whose effect is at least this, in either direction.
        case effect(Float)

        public func callAsFunction(_ differences: [FeatureDifference]) -> [FeatureDifference] {
            switch self {
            case .all: differences
            case .features(let chosen): differences.filter { chosen.contains($0.index) }
            case .effect(let least): differences.filter { abs($0.effect) >= least }
            }
        }
    }
}
