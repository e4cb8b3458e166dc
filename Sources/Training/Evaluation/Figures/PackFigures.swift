import Networks
import Scenes
import Tensors

/// How good the networks of a pack are on scenes that none of them was trained on, in figures that can be written down.
public struct PackFigures: Codable, Sendable {
    /// How many held-out scenes were looked at, how many of them were drawn by diffusion, and how many were steered to each value.
    public var scenes, drawn, steered: Int
    /// How often the factor reader reads the scenes themselves right.
    public var reader: [String: Measurement]
    public var autoencoder: Autoencoder
    public var clip: Clip
    public var sparse: Sparse
    public var decoder: Decoder
    public var values: [Value]
    public var stacks: [Stack]
    /// One for each factor.
    public var transfer: [Transfer]
    /// None in a pack without a text tower.
    public var directions: [DirectionStrip]

    public struct Autoencoder: Codable, Sendable {
        /// In decibels.
        public var psnr: Measurement
        /// How often the factor reader reads reconstructions right.
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
        /// The share of the features that are active in no held-out scene.
        public var dead: Double
        /// How well one feature, chosen on training scenes, tells each factor value on held-out ones.
        public var values: [Score]
        /// The share of the factor values for which it does so with F1 of 0.9 or more, by a threshold and by being active at all.
        public var recovered, recoveredByActivity: Double
    }

    /// The feature that stands for a factor value.
    public struct Score: Codable, Sendable {
        public var factor, value: String
        public var feature: Int
        /// With the threshold that was best on training scenes, and of being active at all.
        public var f1, activeF1: Double
    }

    public struct Decoder: Codable, Sendable {
        /// How often the factor reader reads the right value in pictures drawn from an embedding and noise.
        public var fromNoise: [String: Measurement]
        /// The same under guidance, which takes twice as long.
        public var guided: [String: Measurement]
        /// How often it reads a factor as in the picture drawn from the same embedding and other noise.
        public var repeated: Measurement
        /// Of pictures drawn from their own inverted latents, to the autoencoder's reconstruction, in decibels.
        public var fromInversion: Measurement
    }

    /// One factor value that pictures without it are steered to.
    public struct Value: Codable, Sendable {
        public var factor, value: String
        /// The fewest features that stand for it.
        public var features: [Int]
        /// One for each way of steering.
        public var steering: [Steering]
        /// Up to the whole edit, and up to twice as much.
        public var response, overshoot: Response
    }

    /// What one way of steering does; the reference is always the unedited picture from the same noise.
    public struct Steering: Codable, Sendable {
        public var method: String
        /// How often the factor reader sees the value, and how often it reads another factor as in the reference.
        public var reached, kept: Measurement
        /// The factor that is kept least often, and how often it is.
        public var worst: String
        public var worstKept: Double
        /// How often it reads each other factor as in the reference.
        public var keptByFactor: [String: Double]
        /// How much of the factor reader's probability moves to other values of the steered factor, 0…1.
        public var change: Measurement
        /// The same for the other factors: their mean, and that of the factor for which it is largest.
        public var otherChange, largestOtherChange: Double
    }

    /// What the factor reader says to an edit at nine strengths, 1 being the whole edit.
    public struct Response: Codable, Sendable {
        public var strengths: [Double]
        /// The mean logarithm of the odds of the value, at each strength.
        public var logOdds: [Double]
        /// Spearman's, between both.
        public var rankCorrelation: Double
    }

    /// Many edits at once: a scene takes over those activations of another in which the two differ most.
    public struct Stack: Codable, Sendable {
        /// The most edits that were made, and the mean number of those that there were to make.
        public var edits: Int
        public var applied: Double
        /// How often the factor reader sees the other scene's values of the factors whose features were edited.
        public var reached: Measurement?
        /// How often it reads another factor otherwise than in the unedited picture.
        public var drifted: Measurement?
        /// How far edited embeddings lie from the nearest of a real picture: 1 is as far as those of held-out pictures.
        public var distance: Measurement
    }
}
