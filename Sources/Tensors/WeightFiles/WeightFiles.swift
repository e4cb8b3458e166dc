import Foundation

/// Finds and opens weights by the names that published models give their files.
public enum WeightFiles {
    /// Opens the weights called `stem` in `folder`: whole or sharded, in full or half precision.
    /// - Throws: `WeightFileError.nothingFound`, which lists the names that were looked for.
    public static func open(in folder: URL, stem: String) throws -> any WeightFile {
        let names = [
            "\(stem).safetensors", "\(stem).fp16.safetensors", "\(stem).safetensors.index.json",
            "\(stem).safetensors.index.fp16.json", "\(stem).fp16.safetensors.index.json",
        ]
        let candidates = names.map(folder.appendingPathComponent)
        guard let url = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            throw WeightFileError.nothingFound(folder: folder.relativePath, lookedFor: names)
        }
        return try open(url)
    }

    /// Opens the file at `url` as its name says: `.json` is an index of shards, `.pth`, `.pt` and `.bin` are PyTorch's,
    /// and the rest is safetensors.
    public static func open(_ url: URL) throws -> any WeightFile {
        switch url.pathExtension.lowercased() {
        case "json": try ShardedWeights(contentsOf: url)
        case "pth", "pt", "bin": try PyTorchFile(contentsOf: url)
        default: try SafetensorsFile(contentsOf: url)
        }
    }
}
