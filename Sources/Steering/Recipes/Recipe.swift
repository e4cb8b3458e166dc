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

    public struct PictureReference: Sendable, Hashable, Codable {
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
        /// The feature; nil when it is a direction.
        public var target: Int?
        /// The direction, by its place among the recipe's directions; nil when it is a feature.
        public var direction: Int?
        public var value, strength: Float
        public var on: Bool
        /// The name of the group that it is in.
        public var group: String?
        /// Whether it alone counts; nil means no.
        public var solo: Bool?
    }

    /// A group of edits as it is written down.
    public struct Group: Sendable, Equatable, Codable {
        public var name: String
        public var strength: Float
        public var on: Bool
        /// Whether it alone counts; nil means no.
        public var solo: Bool?
    }

    public var format: Int
    public var pack: PackReference
    /// The picture that it begins with; nil where it begins with a text.
    public var picture: PictureReference?
    /// The text that it begins with; nil where it begins with a picture.
    public var prompt: Prompt?
    public var start: Start
    /// Nil means exact.
    public var inversion: Inversion?
    public var seed: UInt64
    public var steps: Int
    public var guidance: Double
    public var edits: [Entry]
    /// The groups that edits name; nil means none.
    public var groups: [Group]?
    /// The directions that edits refer to; nil means none.
    public var directions: [Direction]?

    /// The keyword of the text chunk in which exported PNGs carry their recipe.
    public static let pngKeyword = "fader-recipe"

    public init(pack: PackReference, picture: PictureReference, sampling: Sampling, stack: EditStack) {
        self.init(pack: pack, picture: picture, prompt: nil, sampling: sampling, stack: stack)
    }

    /// Of a picture that is made from a text, which starts from noise.
    public init(pack: PackReference, prompt: Prompt, sampling: Sampling, stack: EditStack) {
        self.init(pack: pack, picture: nil, prompt: prompt, sampling: sampling, stack: stack)
    }

    private init(pack: PackReference, picture: PictureReference?, prompt: Prompt?, sampling: Sampling, stack: EditStack) {
        format = 1
        self.pack = pack
        self.picture = picture
        self.prompt = prompt
        if case .noise(let seed) = sampling.start {
            (start, self.seed) = (.noise, seed)
        } else {
            (start, seed) = (.inversion, 0)
            inversion = sampling.inversion
        }
        steps = sampling.steps
        guidance = sampling.guidance
        let used = stack.directions
        directions = used.isEmpty ? nil : used
        edits = stack.edits.map { Entry($0, in: stack, directions: used) }
        groups = stack.groups.isEmpty ? nil : stack.groups.map { Group($0, in: stack) }
    }

    /// Reads a recipe.
    /// - Parameters:
    ///   - name: what to call the file in errors.
    ///   - data: the recipe as JSON.
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
        guard (picture == nil) != (prompt == nil), prompt == nil || start == .noise else {
            throw SteeringError.unreadableRecipe(file: name, reason: "it must begin with a picture, or with a prompt and noise.")
        }
        if let outside = edits.compactMap(\.target).first(where: { $0 < 0 }) {
            throw SteeringError.unreadableRecipe(file: name, reason: "there is no feature \(outside).")
        }
        guard edits.allSatisfy({ ($0.target == nil) != ($0.direction == nil) && target(of: $0) != nil }) else {
            throw SteeringError.unreadableRecipe(
                file: name, reason: "each edit must name one feature, or one direction that the recipe has.")
        }
        do {
            try sampling.requireRanges()
            try prompt?.requireRanges()
            try stack.requireRanges()
            for group in groups ?? [] { try Ranges.strength.require(group.strength, as: "The strength of \"\(group.name)\"") }
        } catch SteeringError.outOfRange(let reason) {
            throw SteeringError.unreadableRecipe(file: name, reason: reason.prefix(1).lowercased() + reason.dropFirst())
        }
    }

    /// Its JSON.
    public func data() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// The text chunk in which a PNG carries it.
    public var pngText: (keyword: String, text: String) {
        get throws { (keyword: Self.pngKeyword, text: String(decoding: try data(), as: UTF8.self)) }
    }

    public var sampling: Sampling {
        Sampling(
            steps: steps, guidance: guidance, start: start == .noise ? .noise(seed: seed) : .inversion, inversion: inversion ?? .exact)
    }

    public var stack: EditStack {
        var stack = EditStack()
        for entry in edits {
            guard let target = target(of: entry) else { continue }
            let edit = stack.append(entry.kind, target, value: entry.value, strength: entry.strength, isOn: entry.on)
            if let name = entry.group { stack.group(edit.id, as: name) }
            if entry.solo == true { stack.toggleSolo(.edit(edit.id)) }
        }
        for group in groups ?? [] {
            guard let id = stack.groups.first(where: { $0.name == group.name })?.id else { continue }
            stack.updateGroup(id) { ($0.strength, $0.isOn) = (group.strength, group.on) }
            if group.solo == true { stack.toggleSolo(.group(id)) }
        }
        return stack
    }

    /// Nil when the recipe does not have the direction that the entry refers to.
    private func target(of entry: Entry) -> Edit.Target? {
        if let feature = entry.target { return .feature(feature) }
        guard let place = entry.direction, let directions, directions.indices.contains(place) else { return nil }
        return .direction(directions[place])
    }
}

extension Recipe.Entry {
    fileprivate init(_ edit: Edit, in stack: EditStack, directions: [Direction]) {
        self.init(
            kind: edit.kind, target: edit.feature, direction: edit.direction.flatMap(directions.firstIndex), value: edit.value,
            strength: edit.strength, on: edit.isOn,
            group: edit.group.flatMap { stack[group: $0]?.name }, solo: stack.solo == .edit(edit.id) ? true : nil)
    }
}

extension Recipe.Group {
    fileprivate init(_ group: EditGroup, in stack: EditStack) {
        self.init(name: group.name, strength: group.strength, on: group.isOn, solo: stack.solo == .group(group.id) ? true : nil)
    }
}
