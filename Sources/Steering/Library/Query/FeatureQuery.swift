/// Which features of the pack's library to list: those that match a text, in some order, page by page.
public struct FeatureQuery: Sendable, Hashable {
    public enum Order: String, Sendable, Hashable, CaseIterable {
        /// Those that are active most often first.
        case density
        /// Those with the largest activation first.
        case maximum
        /// As the autoencoder has them.
        case index
        /// Those whose directions are closest to one feature's first.
        case likeness
        /// Those that what was typed may mean first, whatever their labels say.
        case meaning
    }

    /// How many features a page has at most.
    public static let pageSize = 100

    public var text: String
    public var order: Order
    /// The feature that the others are compared with, for the order of likeness.
    public var feature: Int?
    /// Counted from 0.
    public var page: Int

    public init(text: String = "", order: Order = .density, feature: Int? = nil, page: Int = 0) {
        self.text = text
        self.order = order
        self.feature = feature
        self.page = page
    }
}

/// Some features of a list that may be longer than anybody reads.
public struct FeaturePage: Sendable, Equatable {
    public var features: [ListedFeature]
    /// How many features all pages have together.
    public var count: Int

    public init(features: [ListedFeature], count: Int) {
        self.features = features
        self.count = count
    }
}

/// A feature as the library knows it.
public struct ListedFeature: Sendable, Equatable {
    /// Its place in the autoencoder.
    public var index: Int
    public var label: String?
    /// The part of all pictures in which it is active.
    public var density: Float?
    /// The largest activation that was seen.
    public var maximum: Float?
    /// The mean activation where it is active.
    public var mean: Float?
    /// The length of its direction.
    public var norm: Float?
    /// How close it comes to what was asked for; nil where the order is another.
    public var score: Float?

    public init(
        index: Int, label: String? = nil, density: Float? = nil, maximum: Float? = nil, mean: Float? = nil, norm: Float? = nil,
        score: Float? = nil
    ) {
        self.index = index
        self.label = label
        self.density = density
        self.maximum = maximum
        self.mean = mean
        self.norm = norm
        self.score = score
    }
}
