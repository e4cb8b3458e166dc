import Files
import Foundation

/// What an evaluation has measured so far, one file for each part, so that an interrupted one can resume.
public struct EvaluationJournal {
    private let folder: URL

    /// What the parts depend on: with anything else, they are measured anew.
    private struct Key: Codable, Equatable {
        var settings: Evaluation.Settings
        /// The size and the time of change of every file of weights.
        var files: [String: String]
    }

    /// - Parameters:
    ///   - output: the file for the figures; what is measured gathers in a folder beside it.
    ///   - pack: the folder that is measured.
    ///   - reader: the weights of the factor reader.
    ///   - settings: of the evaluation; other settings begin anew.
    /// - Throws: when the folder cannot be made or written.
    public init(beside output: URL, pack: URL, reader: URL, settings: Evaluation.Settings) throws {
        folder = output.appendingPathExtension("parts")
        let key = Key(settings: settings, files: Self.weights(in: pack).merging([reader.path: Self.stamp(reader)]) { first, _ in first })
        let file = folder.appendingPathComponent("settings.json")
        if Self.read(Key.self, file) != key {
            try? FileManager.default.removeItem(at: folder)
            try makeFolder(folder)
            try key.write(asJSONTo: file)
        }
    }

    /// What was measured before, or what `measure` measures now.
    func part<Figures: Codable>(_ name: String, _ measure: () throws -> Figures) throws -> Figures {
        let file = folder.appendingPathComponent(name + ".json")
        if let known = Self.read(Figures.self, file) { return known }
        let figures = try measure()
        try figures.write(asJSONTo: file)
        return figures
    }

    /// Deletes the parts, once the figures are written.
    public func close() { try? FileManager.default.removeItem(at: folder) }

    private static func read<Value: Decodable>(_ type: Value.Type, _ file: URL) -> Value? {
        (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(type, from: $0) }
    }

    private static func weights(in pack: URL) -> [String: String] {
        let files = FileManager.default.enumerator(at: pack, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        let weights = files.filter { ["safetensors", "json"].contains($0.pathExtension) }
        return Dictionary(weights.map { ($0.path, stamp($0)) }, uniquingKeysWith: { first, _ in first })
    }

    private static func stamp(_ file: URL) -> String {
        let values = try? file.resourceValues(forKeys: [.fileSizeKey, .contentModificationDateKey])
        return "\(values?.fileSize ?? 0) \(values?.contentModificationDate?.timeIntervalSince1970 ?? 0)"
    }
}
