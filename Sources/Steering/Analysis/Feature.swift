/// A feature of the sparse autoencoder as it shows in one picture.
public struct Feature: Sendable, Equatable, Identifiable {
    /// Its place in the autoencoder.
    public let index: Int
    /// How strongly the picture shows it.
    public let activation: Float
    /// The length of its direction ‖d‖: how far one unit of activation moves the embedding.
    public let norm: Float
    /// What it stands for, where the pack's library knows.
    public let label: String?
    /// The largest activation that the library has seen, where it knows.
    public let maximum: Float?
    /// Its mean activation where it is active, where the library knows.
    public let usual: Float?

    public init(index: Int, activation: Float, norm: Float, label: String? = nil, maximum: Float? = nil, usual: Float? = nil) {
        self.index = index
        self.activation = activation
        self.norm = norm
        self.label = label
        self.maximum = maximum
        self.usual = usual
    }

    public var id: Int { index }

    /// Activation × ‖d‖: how far the feature moves the embedding. Equal effects look about equally strong, equal activations do not.
    public var effect: Float { activation * norm }
}
