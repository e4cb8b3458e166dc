import Foundation

/// Finds and opens weights by the names that published models give their files.
public enum WeightFiles {
    /// Opens the weights called `stem` in `folder`: whole or sharded, in full or half precision, as safetensors or, where there are none, as
    /// PyTorch writes them (transformers calls those of `model` `pytorch_model`).
    /// - Throws: `WeightFileError.nothingFound`, which lists the names that were looked for.
    public static func open(in folder: URL, stem: String) throws -> any WeightFile {
        let names = names(stem)
        let candidates = names.map(folder.appendingPathComponent)
        guard let url = candidates.first(where: isThere) else {
            throw WeightFileError.nothingFound(folder: folder.relativePath, lookedFor: names)
        }
        return try open(url)
    }

    /// The names that weights called `stem` go by, the preferred ones first.
    public static func names(_ stem: String) -> [String] {
        let old = stem == "model" ? "pytorch_model" : stem
        return [
            "\(stem).safetensors", "\(stem).fp16.safetensors", "\(stem).safetensors.index.json", "\(stem).safetensors.index.fp16.json",
            "\(stem).fp16.safetensors.index.json", "\(old).bin", "\(old).fp16.bin", "\(old).bin.index.json",
        ]
    }

    /// A link that leads nowhere counts, so that it is named and not passed over.
    private static func isThere(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path) || (try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)) != nil
    }

    /// Opens the file at `url` as its name says: `.json` is an index of shards, `.pth`, `.pt`, `.bin` and `.pkl` are PyTorch's,
    /// and the rest is safetensors.
    public static func open(_ url: URL) throws -> any WeightFile {
        url.pathExtension.lowercased() == "json" ? try ShardedWeights(contentsOf: url) : try open(shard: url)
    }

    /// Opens a file that is no index.
    static func open(shard url: URL) throws -> any WeightFile {
        switch url.pathExtension.lowercased() {
        case "pth", "pt", "bin", "pkl": try PyTorchFile(contentsOf: url)
        default: try SafetensorsFile(contentsOf: url)
        }
    }
}
