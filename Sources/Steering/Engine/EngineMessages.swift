import Pictures

/// What the engine says of a pack that it has opened.
public struct PackSummary: Sendable, Equatable {
    public var name: String
    public var path: String
    /// Identifies this pack in recipes.
    public var fingerprint: String
    /// Its fingerprint before fingerprints went by contents; older recipes carry it.
    public var formerFingerprint: String?
    public var featureCount: Int
    /// The size at which pictures are made unless they ask otherwise, in pixels.
    public var width, height: Int
    public var steps, invertSteps: Int
    /// How many steps a draft takes.
    public var previewSteps: Int
    /// For instance "cpu".
    public var device: String
    /// For instance "float32".
    public var dataType: String

    /// The number of steps where the pack proposes none.
    static let usualSteps = 20

    public init(
        name: String, path: String, fingerprint: String, featureCount: Int, width: Int, height: Int, steps: Int, invertSteps: Int,
        previewSteps: Int, device: String, dataType: String, formerFingerprint: String? = nil
    ) {
        self.name = name
        self.path = path
        self.fingerprint = fingerprint
        self.featureCount = featureCount
        self.width = width
        self.height = height
        self.steps = steps
        self.invertSteps = invertSteps
        self.previewSteps = previewSteps
        self.device = device
        self.dataType = dataType
        self.formerFingerprint = formerFingerprint
    }

    /// How recipes refer to it.
    public var reference: Recipe.PackReference { Recipe.PackReference(name: name, fingerprint: fingerprint) }

    /// Whether a recipe's features are this pack's.
    public func isMeant(by reference: Recipe.PackReference) -> Bool {
        reference.fingerprint == fingerprint || reference.fingerprint == formerFingerprint
    }

    /// What to say of a recipe that was made with another pack; nil where it was made with this one.
    public func warning(about recipe: Recipe) -> String? {
        if isMeant(by: recipe.pack) { return nil }
        return "This recipe was made with another pack, \(recipe.pack.name): its features mean something else in \(name)."
    }

    /// - Throws: `SteeringError.featureOutOfRange` when the stack changes a feature that the pack does not have.
    public func requireFeatures(of stack: EditStack) throws { try stack.requireFeatures(count: featureCount) }
}

/// Identifies an analysed picture.
public struct AnalysisID: Sendable, Hashable {
    public let number: Int

    public init(_ number: Int) { self.number = number }
}

/// What the engine found in a picture; the tensors stay with the engine under `id`.
public struct AnalysisSummary: Sendable, Equatable {
    public var id: AnalysisID
    /// The picture at the size at which the model works.
    public var picture: Picture
    /// Every active feature, strongest effect first.
    public var features: [Feature]
    /// Whether the encoder's square crop leaves out parts of the picture.
    public var isCropped: Bool
    /// How well the autoencoder explains the picture, where that is known.
    public var reconstruction: Reconstruction?

    public init(id: AnalysisID, picture: Picture, features: [Feature], isCropped: Bool, reconstruction: Reconstruction? = nil) {
        self.id = id
        self.picture = picture
        self.features = features
        self.isCropped = isCropped
        self.reconstruction = reconstruction
    }
}

/// How far some long work is.
public struct WorkProgress: Sendable, Equatable {
    public enum Stage: String, Sendable {
        case loading, embedding, inverting, rendering, checking
    }

    public var stage: Stage
    /// Steps done, of `count`.
    public var step, count: Int
    /// The picture as far as it can be seen, where that is known.
    public var preview: Picture?
    /// How long the rest of the stage will take at its present pace, where that is worth telling.
    public var secondsLeft: Double?

    public init(_ stage: Stage, step: Int, count: Int, preview: Picture? = nil, secondsLeft: Double? = nil) {
        self.stage = stage
        self.step = step
        self.count = count
        self.preview = preview
        self.secondsLeft = secondsLeft
    }
}
