import Foundation

/// What `preprocess` prints: a picture as numbers.
public struct Preprocessed: Sendable, Codable {
    public struct FeatureValue: Sendable, Codable {
        public var idx: Int
        public var activation: Float
        public var icon: [String]
    }

    /// `[1][width]`.
    public var image_embeds: [[Float]]
    /// `[1][channels][height][width]`.
    public var inv_latents: [[[[Float]]]]
    public var features: [FeatureValue]
    public var height, width: Int
}

/// What `generate` reads: the numbers of a picture and the activations that some features shall have.
public struct GenerateRequest: Sendable, Codable {
    public var image_embeds: [[Float]]
    public var inv_latents: [[[[Float]]]]
    public var feature_idx: [Int]
    public var feature_val: [Float]
    public var height, width: Int

    /// - Throws: `SteeringError.unreadableRequest` when it is not JSON of this form, ragged, or not finite.
    public init(data: Data, name: String) throws {
        do {
            self = try JSONDecoder().decode(GenerateRequest.self, from: data)
        } catch let error as DecodingError {
            throw SteeringError.unreadableRequest(file: name, reason: error.sentence)
        }
        func refuse(_ reason: String) -> SteeringError { .unreadableRequest(file: name, reason: reason) }
        guard feature_idx.count == feature_val.count else {
            throw refuse("\"feature_idx\" has \(feature_idx.count) entries and \"feature_val\" \(feature_val.count).")
        }
        guard image_embeds.count == 1, image_embeds[0].allSatisfy(\.isFinite) else {
            throw refuse("\"image_embeds\" must hold one list of finite numbers.")
        }
        guard let planes = inv_latents.first, inv_latents.count == 1, let rows = planes.first, let row = rows.first, !row.isEmpty,
            planes.allSatisfy({ $0.count == rows.count && $0.allSatisfy { $0.count == row.count && $0.allSatisfy(\.isFinite) } })
        else { throw refuse("\"inv_latents\" must hold one block of channels, rows and columns of finite numbers.") }
        guard feature_val.allSatisfy(\.isFinite) else { throw refuse("\"feature_val\" must hold finite numbers.") }
    }
}

/// What `generate` prints.
public struct Generated: Sendable, Codable {
    public var images: String

    public init(images: String) { self.images = images }
}
