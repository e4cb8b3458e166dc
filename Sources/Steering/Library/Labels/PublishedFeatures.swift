import Foundation

/// A pack's optional `features.json`: what training found out about the features.
struct PublishedFeatures {
    /// What is known of one feature.
    struct Entry: Equatable, Decodable {
        var index: Int
        var label: String?
        var score: Float?
        var density, mean, maximum, norm: Float?
    }

    private struct File: Decodable {
        var version: Int
        var features: [Entry]
    }

    static let empty = PublishedFeatures(entries: [], digest: nil)

    let entries: [Entry]
    /// Identifies a version of the file; nil where there is no file.
    let digest: String?

    private init(entries: [Entry], digest: String?) {
        self.entries = entries
        self.digest = digest
    }

    /// Empty when the pack has no such file.
    /// - Throws: `SteeringError.unreadableDescription` when the file is there but is not what it should be.
    init(pack: Pack) throws {
        let url = pack.folder.appendingPathComponent("features.json")
        guard FileManager.default.fileExists(atPath: url.path) else {
            self = .empty
            return
        }
        do {
            let data = try Data(contentsOf: url)
            let file = try JSONDecoder().decode(File.self, from: data)
            guard file.version == 1 else {
                throw SteeringError.unreadableDescription(
                    file: url.path, reason: "its version is \(file.version); this Fader reads version 1.")
            }
            self.init(entries: file.features, digest: Digest.sha256(data))
        } catch let error as DecodingError {
            throw SteeringError.unreadableDescription(file: url.path, reason: error.sentence)
        } catch is CocoaError {
            throw SteeringError.unreadableFile(url.path)
        }
    }
}
