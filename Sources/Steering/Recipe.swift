import Foundation

/// What makes a picture again: JSON that a session leaves behind and that exported pictures carry.
public struct Recipe: Sendable, Equatable, Codable {
    public struct PackReference: Sendable, Equatable, Codable {
        public var name, fingerprint: String

        public init(name: String, fingerprint: String) {
            self.name = name
            self.fingerprint = fingerprint
        }
    }

    public struct PictureReference: Sendable, Equatable, Codable {
        public var path, sha256: String

        public init(path: String, sha256: String) {
            self.path = path
            self.sha256 = sha256
        }

        /// Refers to a file's content.
        public init(path: String, content: Data) {
            self.init(path: path, sha256: Digest.sha256(content))
        }
    }

    public enum Start: String, Sendable, Codable {
        case inversion, noise
    }

    /// An edit as it is written down.
    public struct Entry: Sendable, Equatable, Codable {
        public var kind: Edit.Kind
        public var target: Int
        public var value, strength: Float
        public var on: Bool
    }

    public var format: Int
    public var pack: PackReference
    public var picture: PictureReference
    public var start: Start
    public var seed: UInt64
    public var steps: Int
    public var guidance: Double
    public var edits: [Entry]

    /// The keyword of the text chunk in which exported PNGs carry their recipe.
    public static let pngKeyword = "fader-recipe"

    public init(pack: PackReference, picture: PictureReference, sampling: Sampling, stack: EditStack) {
        format = 1
        self.pack = pack
        self.picture = picture
        if case .noise(let seed) = sampling.start {
            (start, self.seed) = (.noise, seed)
        } else {
            (start, seed) = (.inversion, 0)
        }
        steps = sampling.steps
        guidance = sampling.guidance
        edits = stack.edits.map { Entry(kind: $0.kind, target: $0.feature, value: $0.value, strength: $0.strength, on: $0.isOn) }
    }

    /// Reads a recipe.
    /// - Parameter name: what to call the file in errors.
    /// - Throws: `SteeringError.unreadableRecipe`.
    public init(data: Data, name: String) throws {
        do {
            self = try JSONDecoder().decode(Recipe.self, from: data)
        } catch let error as DecodingError {
            throw SteeringError.unreadableRecipe(file: name, reason: error.sentence)
        }
        guard format == 1 else {
            throw SteeringError.unreadableRecipe(file: name, reason: "its format is \(format); this Fader reads format 1.")
        }
        guard (1...1000).contains(steps), guidance.isFinite,
            edits.allSatisfy({ $0.value.isFinite && $0.strength.isFinite && $0.target >= 0 })
        else {
            throw SteeringError.unreadableRecipe(file: name, reason: "a number in it is out of range.")
        }
    }

    public func data() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    public var sampling: Sampling {
        Sampling(steps: steps, guidance: guidance, start: start == .noise ? .noise(seed: seed) : .inversion)
    }

    public var stack: EditStack {
        var stack = EditStack()
        for edit in edits { stack.append(edit.kind, feature: edit.target, value: edit.value, strength: edit.strength, isOn: edit.on) }
        return stack
    }
}
