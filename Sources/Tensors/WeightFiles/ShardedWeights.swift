import Files
import Foundation

/// Weights spread over several files, which an index (`*.safetensors.index.json`, `*.bin.index.json`) ties together.
public struct ShardedWeights: WeightFile {
    public let url: URL
    /// The names of all tensors, shard by shard in the order of the shards' names.
    public let names: [String]
    private let shards: [any WeightFile]
    private let shardOfName: [String: Int]

    /// Opens the index and every shard that it names, which lie in its folder.
    /// - Throws: `WeightFileError` when one is damaged, or when the index and the shards do not hold the same names.
    public init(contentsOf url: URL) throws {
        let index = try Self.shardFiles(url)
        let files = Set(index.values).sorted()
        shards = try files.map { try WeightFiles.open(shard: url.deletingLastPathComponent().appendingPathComponent($0)) }
        var shardOfName: [String: Int] = [:]
        for (number, shard) in shards.enumerated() {
            for name in shard.names {
                guard index[name] == files[number] else { throw Self.disagreement(url, name, shard: files[number]) }
                shardOfName[name] = number
            }
        }
        if let missing = index.first(where: { shardOfName[$0.key] == nil }) {
            throw WeightFileError.missingTensor(file: shards[files.firstIndex(of: missing.value) ?? 0].url.relativePath, name: missing.key)
        }
        self.url = url
        self.shardOfName = shardOfName
        names = shards.flatMap(\.names)
    }

    public var files: [URL] { [url] + shards.map(\.url) }

    public func entry(_ name: String) -> TensorEntry? { shardOfName[name].flatMap { shards[$0].entry(name) } }

    public func tensor(_ name: String) throws -> Tensor {
        guard let shard = shardOfName[name] else { throw WeightFileError.missingTensor(file: url.relativePath, name: name) }
        return try shards[shard].tensor(name)
    }

    public func forget(_ name: String) {
        if let shard = shardOfName[name] { shards[shard].forget(name) }
    }

    /// The shard that the index gives for each tensor.
    private static func shardFiles(_ url: URL) throws -> [String: String] {
        let file = try MappedFile(url)
        return try WeightFileError.naming(url) {
            guard let members = try JSONValue(file.bytes)["weight_map"]?.object else { throw Defect("it has no weight_map") }
            guard members.count <= TensorEntry.highestCount else { throw Defect("it lists \(members.count) tensors, too many") }
            return try members.sorted { $0.key < $1.key }.reduce(into: [:]) { files, member in
                // A shard lies beside its index: nothing else on the disk is opened because an index says so.
                guard let shard = member.value.text, !shard.isEmpty, !shard.contains("/"), shard != ".", shard != ".." else {
                    throw Defect("it has no plain file name for \(member.key.quoted)")
                }
                files[member.key] = shard
            }
        }
    }

    private static func disagreement(_ url: URL, _ name: String, shard: String) -> WeightFileError {
        .malformed(file: url.relativePath, problem: "it does not say that \(name.quoted) is in \(shard.quoted), where it is")
    }
}
