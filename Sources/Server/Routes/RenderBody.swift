import Foundation
import Pictures
import Steering

/// The JSON of a render: what it begins with, its edits, and how it is sampled. Edits are written as the command line has them.
struct RenderBody: Decodable, Sendable {
    enum Start: String, Decodable, Sendable { case inversion, noise }
    enum Size: String, Decodable, Sendable {
        case model, original

        var size: RenderRequest.Size { self == .model ? .model : .original }
    }
    enum Format: String, Decodable, Sendable {
        case png, jpg, webp

        var format: PictureFormat {
            switch self {
            case .png: .png
            case .jpg: .jpeg
            case .webp: .webp
            }
        }

        var mediaType: String { self == .jpg ? "image/jpeg" : "image/\(rawValue)" }
    }

    /// The hash of an uploaded picture, or a text; one of the two.
    var picture, prompt, negativePrompt: String?
    /// For instance `777=12.5`, `night=*2` and `day-night=0.3`.
    var set, add, directions: [String]?
    /// What the edits and settings are on top of.
    var recipe: Recipe?
    var steps: Int?
    var guidance: Double?
    var seed: UInt64?
    var start: Start?
    var inversion: Inversion?
    var size: Size?
    var format: Format?

    private static let longestPrompt = 2000
    private static let mostEdits = 1000

    /// - Throws: `HTTPFailure`.
    init(_ body: Data) throws {
        do {
            self = try JSONDecoder().decode(Self.self, from: body)
        } catch let error as DecodingError {
            throw HTTPFailure(.unprocessableEntity, Self.sentence(error))
        }
        guard (picture == nil) != (prompt == nil) else {
            throw HTTPFailure(.unprocessableEntity, "Give either a \"picture\" or a \"prompt\".")
        }
        guard prompt == nil || (inversion == nil && start != .inversion) else {
            throw HTTPFailure(.unprocessableEntity, "A prompt has no picture to invert: its picture starts from noise.")
        }
        guard [prompt, negativePrompt].allSatisfy({ ($0?.count ?? 0) <= Self.longestPrompt }) else {
            throw HTTPFailure(.unprocessableEntity, "A prompt has at most \(Self.longestPrompt) characters.")
        }
        guard [set, add, directions].allSatisfy({ ($0?.count ?? 0) <= Self.mostEdits }) else {
            throw HTTPFailure(.unprocessableEntity, "There may be at most \(Self.mostEdits) edits of a kind.")
        }
    }

    private static func sentence(_ error: DecodingError) -> String {
        func sentence(_ context: DecodingError.Context) -> String {
            let place = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
            return place.isEmpty
                ? "The body is not a JSON object of the form in /openapi.json." : "\"\(place)\" is not of the expected form."
        }
        switch error {
        case .keyNotFound(let key, _): return "\"\(key.stringValue)\" is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): return sentence(context)
        @unknown default: return "The body cannot be read."
        }
    }

    /// The settings of the recipe or the pack, changed by those that are given.
    /// - Throws: `SteeringError.outOfRange`.
    func sampling(_ pack: PackSummary) throws -> Sampling {
        var sampling = recipe?.sampling ?? Sampling(steps: pack.steps)
        if let steps { sampling.steps = steps }
        if let guidance { sampling.guidance = guidance }
        if let inversion { sampling.inversion = inversion }
        if start == .inversion || inversion != nil { sampling.start = .inversion }
        if start == .noise || seed != nil || prompt != nil { sampling.start = .noise(seed: seed ?? recipe?.seed ?? 0) }
        try Ranges.steps.require(sampling.steps)
        try Ranges.guidance.require(sampling.guidance)
        return sampling
    }

    /// - Throws: `HTTPFailure` for texts of another form; what `NamedEdits` throws.
    func edits(_ pack: PackSummary) throws -> NamedEdits {
        func read<Edit>(_ texts: [String]?, _ make: (String) -> Edit?) throws -> [Edit] {
            try (texts ?? []).map { text in
                guard let edit = make(text) else { throw HTTPFailure(.unprocessableEntity, "\"\(text.prefix(100))\" is no edit.") }
                return edit
            }
        }
        let added = try read(add, FeatureAssignment.init(argument:))
        if let other = added.first(where: { $0.amount == nil }) {
            throw HTTPFailure(.unprocessableEntity, "\"add\" takes a number to add, not \(other.value.prefix(100)).")
        }
        return try NamedEdits(
            set: read(set, FeatureAssignment.init(argument:)), add: added, directions: read(directions, DirectionAmount.init(argument:)),
            to: recipe?.stack ?? EditStack(), pack: URL(fileURLWithPath: pack.path), remark: { _ in })
    }
}
