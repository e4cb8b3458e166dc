import Networks
import Scenes
import Tensors

/// How good the networks of a pack are on scenes that none of them was trained on, in figures that can be written down.
public struct PackFigures: Codable, Sendable {
    /// How many held-out scenes were looked at, and for what is drawn by diffusion how many.
    public var scenes, drawn: Int
    /// How often the judge reads the scenes themselves right.
    public var reader: [String: Measurement]
    public var autoencoder: Autoencoder
    public var clip: Clip
    public var sparse: Sparse
    public var decoder: Decoder
    public var steering: [Steering]

    public struct Autoencoder: Codable, Sendable {
        /// In decibels.
        public var psnr: Measurement
        /// How often the judge reads reconstructions right.
        public var reader: [String: Measurement]
    }

    public struct Clip: Codable, Sendable {
        /// How often a linear probe reads embeddings right.
        public var probes: [String: Measurement]
        /// How often a caption finds its picture among `candidates`; nil in a pack without a text tower.
        public var retrieval: Measurement?
        public var candidates: Int
    }

    public struct Sparse: Codable, Sendable {
        public var features: Int
        public var unexplained, active, cosine: Measurement
        /// The part of the features that are active in no held-out scene.
        public var dead: Double
        /// The part of the factor values for which a feature, chosen on training scenes, has F1 of 0.9 or more on held-out ones.
        public var recovered: Double
    }

    public struct Decoder: Codable, Sendable {
        /// How often the judge reads the right value in pictures drawn from an embedding and noise.
        public var fromNoise: [String: Measurement]
        /// Of pictures drawn from their own inverted latents, to the autoencoder's reconstruction, in decibels.
        public var fromInversion: Measurement
    }

    /// One factor value that pictures are steered to, in one way.
    public struct Steering: Codable, Sendable {
        public var factor, value, method: String
        /// The feature that was set, where it is one.
        public var feature: Int?
        /// How often the judge sees the value, and how often it reads another factor as in the unedited picture.
        public var reached, kept: Measurement
        /// The factor that is kept least often.
        public var worst: String
    }
}
