import Foundation

/// What `preprocess` prints: a picture as numbers.
public struct Preprocessed: Sendable, Codable {
    public struct FeatureValue: Sendable, Codable {
        public var idx: Int
        public var activation: Float
        public var icon: [String]
    }

    /// `[1][width]`.
    public var embeddings: [[Float]]
    /// `[1][channels][height][width]`.
    public var latents: [[[[Float]]]]
    public var features: [FeatureValue]
    public var height, width: Int

    private enum CodingKeys: String, CodingKey {
        case embeddings = "image_embeds"
        case latents = "inv_latents"
        case features, height, width
    }
}

/// What `generate` reads: the numbers of a picture and the activations to give some features.
public struct GenerateRequest: Sendable, Codable {
    public var embeddings: [[Float]]
    public var latents: [[[[Float]]]]
    public var features: [Int]
    public var values: [Float]
    /// In pixels; nil means what the latents give.
    public var height, width: Int?
    /// What to call it in errors.
    private(set) var name = "the request"

    private enum CodingKeys: String, CodingKey {
        case embeddings = "image_embeds"
        case latents = "inv_latents"
        case features = "feature_idx"
        case values = "feature_val"
        case height, width
    }

    /// Reads the numbers; without features, which may be left out, nothing is edited.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        embeddings = try container.decode([[Float]].self, forKey: .embeddings)
        latents = try container.decode([[[[Float]]]].self, forKey: .latents)
        features = try container.decodeIfPresent([Int].self, forKey: .features) ?? []
        values = try container.decodeIfPresent([Float].self, forKey: .values) ?? []
        height = try container.decodeIfPresent(Int.self, forKey: .height)
        width = try container.decodeIfPresent(Int.self, forKey: .width)
    }

    /// - Throws: `SteeringError.unreadableRequest` when it is not JSON of this form, ragged, or not finite.
    public init(data: Data, name: String) throws {
        do {
            self = try JSONDecoder().decode(GenerateRequest.self, from: data)
        } catch let error as DecodingError {
            throw SteeringError.unreadableRequest(file: name, reason: error.sentence)
        }
        self.name = name
        func refuse(_ reason: String) -> SteeringError { .unreadableRequest(file: name, reason: reason) }
        guard features.count == values.count else {
            throw refuse("\"feature_idx\" has \(features.count) entries and \"feature_val\" \(values.count).")
        }
        guard embeddings.count == 1, embeddings[0].allSatisfy(\.isFinite) else {
            throw refuse("\"image_embeds\" must hold one list of finite numbers.")
        }
        guard let planes = latents.first, latents.count == 1, let rows = planes.first, let row = rows.first, !row.isEmpty,
            planes.allSatisfy({ $0.count == rows.count && $0.allSatisfy { $0.count == row.count && $0.allSatisfy(\.isFinite) } })
        else { throw refuse("\"inv_latents\" must hold one block of channels, rows and columns of finite numbers.") }
        guard values.allSatisfy(\.isFinite) else { throw refuse("\"feature_val\" must hold finite numbers.") }
    }
}

/// What `generate` prints.
public struct Generated: Sendable, Codable {
    public var images: String

    public init(images: String) { self.images = images }
}
