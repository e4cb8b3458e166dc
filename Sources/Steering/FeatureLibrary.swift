import Foundation

/// What is known of a pack's features: labels and statistics.
public struct FeatureLibrary: Sendable {
    /// What is known of one feature.
    public struct Entry: Sendable, Equatable, Decodable {
        public var index: Int
        public var label: String?
        public var maximum: Float?
    }

    private struct File: Decodable {
        var version: Int
        var features: [Entry]
    }

    private let entries: [Int: Entry]

    /// The pack's `features.json`; empty when it has none.
    /// - Throws: `SteeringError.unreadableDescription` when the file is there but is not a library.
    public init(pack: Pack) throws {
        let url = pack.folder.appendingPathComponent("features.json")
        guard FileManager.default.fileExists(atPath: url.path) else {
            entries = [:]
            return
        }
        do {
            let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
            guard file.version == 1 else {
                throw SteeringError.unreadableDescription(
                    file: url.path, reason: "its version is \(file.version); this Fader reads version 1.")
            }
            entries = Dictionary(file.features.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
        } catch let error as DecodingError {
            throw SteeringError.unreadableDescription(file: url.path, reason: error.sentence)
        }
    }

    public subscript(index: Int) -> Entry? { entries[index] }
}
