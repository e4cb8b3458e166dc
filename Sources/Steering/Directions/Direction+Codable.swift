import Foundation

/// As JSON the vector is the base64 of its numbers as little-endian 32-bit floats: exact, and a line instead of a page.
extension Direction: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, vector, definition
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let bytes = try container.decode(Data.self, forKey: .vector)
        guard let vector = [Float](littleEndian: bytes), !vector.isEmpty, vector.allSatisfy(\.isFinite) else {
            throw DecodingError.dataCorruptedError(forKey: .vector, in: container, debugDescription: "These are not finite numbers.")
        }
        self.init(
            name: try container.decode(String.self, forKey: .name), vector: vector,
            definition: try container.decodeIfPresent(Definition.self, forKey: .definition))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(vector.littleEndianData, forKey: .vector)
        try container.encodeIfPresent(definition, forKey: .definition)
    }
}
