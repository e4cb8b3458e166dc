import Foundation

/// A pack's optional `pack.json`.
public struct PackDescription: Sendable, Equatable, Codable {
    public var name: String?
    public var licence: String?
    /// The size of pictures unless they ask otherwise, in pixels.
    public var width, height: Int?
    public var steps, invertSteps, previewSteps: Int?
    /// The picture on which icons show what a feature does, as a path from the pack's folder, and the activations they show.
    public var iconTemplate: String?
    public var iconValues: [Float]?
    /// Where the three repositories are, if not beside this file.
    public var prior, decoder, sae: String?
    /// The SHA-256 of files of the pack, by their names in it; see `PackHashes`.
    public var sha256: [String: String]?

    public init() {}

    /// - Throws: `SteeringError.unreadableDescription` when the file is there but is not a description, or a number in it is out of range.
    public init(contentsOf url: URL) throws {
        guard FileManager.default.fileExists(atPath: url.path) else {
            self.init()
            return
        }
        do {
            self = try JSONDecoder().decode(PackDescription.self, from: Data(contentsOf: url))
        } catch let error as DecodingError {
            throw SteeringError.unreadableDescription(file: url.path, reason: error.sentence)
        } catch {
            throw SteeringError.unreadableDescription(file: url.path, reason: "the file cannot be read.")
        }
        for (name, value, range) in [
            ("width", width, Ranges.side.range), ("height", height, Ranges.side.range), ("steps", steps, Ranges.steps.range),
            ("invertSteps", invertSteps, Ranges.steps.range),
            ("previewSteps", previewSteps, Ranges.steps.range),
        ] where value.map({ !range.contains($0) }) ?? false {
            throw SteeringError.unreadableDescription(
                file: url.path, reason: "\"\(name)\" must lie between \(range.lowerBound) and \(range.upperBound).")
        }
    }
}
