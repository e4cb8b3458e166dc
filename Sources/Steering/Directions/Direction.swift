/// A named way to move image embeddings: an amount of 1 adds the vector.
///
/// It carries its vector and not only what it was made from: a recipe then makes the same picture where the pack has no text tower, or other
/// lists of words.
public struct Direction: Sendable, Equatable {
    /// What a direction between texts was made from.
    public struct Definition: Sendable, Equatable, Codable {
        /// The phrase that it leads away from; nil for the same texts without a phrase.
        public var from: String?
        /// The phrase that it leads to.
        public var to: String
        /// How many pairs of texts were compared.
        public var count: Int
        /// The seed with which the texts were drawn.
        public var seed: UInt64

        public init(from: String? = nil, to: String, count: Int, seed: UInt64) {
            self.from = from
            self.to = to
            self.count = count
            self.seed = seed
        }

        /// What a direction is called unless it is named: "day-night", or "night".
        public var name: String { from.map { "\($0)-\(to)" } ?? to }
    }

    public var name: String
    /// As many numbers as an image embedding has; between texts it is as long as embeddings typically are.
    public var vector: [Float]
    /// Nil when it was not made from texts.
    public var definition: Definition?

    public init(name: String, vector: [Float], definition: Definition? = nil) {
        self.name = name
        self.vector = vector
        self.definition = definition
    }
}

extension Direction: Hashable {
    /// Names suffice to tell most directions apart, and vectors are long.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
