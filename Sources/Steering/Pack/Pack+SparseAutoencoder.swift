import Foundation
import Networks
import Tensors

extension Pack {
    /// The pack's sparse autoencoder, opened and understood but not loaded.
    /// - Throws: `NetworkError` when it is none that Fader runs, `SteeringError` when there is none or it is not clear which.
    func sparseAutoencoderFile() throws -> SparseAutoencoderFile {
        let place = try folder(of: .sae)
        return try SparseAutoencoderFile(
            WeightFiles.open(sparseAutoencoderWeights(in: place)), configuration: sparseAutoencoderConfiguration(in: place))
    }

    func sparseAutoencoder(as dataType: DataType, on device: Device) throws -> SparseAutoencoder {
        try sparseAutoencoderFile().load(as: dataType, on: device)
    }

    /// How many features its sparse autoencoder has, by the header of the file.
    /// - Throws: `NetworkError` when the file is not an autoencoder's.
    func featureCount() throws -> Int { try sparseAutoencoderFile().count }

    /// Makes sure that the autoencoder is one of the image tower's embeddings.
    /// - Throws: `SteeringError.mismatch`, in the words of `pack check`.
    func requireFittingAutoencoder(_ width: Int) throws {
        let tower: ImageTowerConfiguration = try configuration(of: .imageEncoder)
        if let fault = sizeFault("image embeddings", (Part.imageEncoder.rawValue, tower.projection), (Part.sae.rawValue, width)) {
            throw SteeringError.mismatch(fault)
        }
    }

    /// What to say where two parts do not agree in a size; nil where they do.
    func sizeFault(_ what: String, _ first: (part: String, size: Int), _ second: (part: String, size: Int)) -> String? {
        if first.size == second.size { return nil }
        return "\(folder.path): \(first.part) has \(what) of \(first.size) where \(second.part) has \(second.size)."
    }

    /// The one file that can be the autoencoder's; forms of one name in other precisions count as one.
    private func sparseAutoencoderWeights(in place: URL) throws -> URL {
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path).filter(Self.isWeights).sorted()
        // What SAELens writes beside its weights.
        let candidates = names.filter { $0 != "sparsity.safetensors" }
        let stems = Dictionary(grouping: candidates, by: Self.stem)
        guard stems.count <= 1 else {
            throw SteeringError.severalAutoencoders(folder: place.path, names: stems.keys.sorted().compactMap { stems[$0]?.first })
        }
        guard let first = candidates.first else {
            throw SteeringError.packPartMissing(pack: folder.path, part: "sae/model.safetensors and no sae/*.pth")
        }
        let preferred = candidates.first { $0.hasSuffix(".index.json") } ?? candidates.min { $0.count < $1.count } ?? first
        return place.appendingPathComponent(preferred)
    }

    private func sparseAutoencoderConfiguration(in place: URL) throws -> URL? {
        let found = ["cfg.json", "config.json"].map(place.appendingPathComponent).filter { FileManager.default.fileExists(atPath: $0.path) }
        guard found.count <= 1 else {
            throw SteeringError.severalAutoencoders(folder: place.path, names: found.map(\.lastPathComponent))
        }
        return found.first
    }

    static func isWeights(_ name: String) -> Bool {
        !name.hasPrefix(".")
            && [".safetensors", ".safetensors.index.json", ".bin.index.json", ".pth", ".pt", ".bin", ".pkl"].contains(where: name.hasSuffix)
    }

    /// What all files of one autoencoder share: shards and their index, and the same numbers in several precisions.
    private static func stem(_ name: String) -> String {
        var stem = name
        for suffix in [".index.json", ".safetensors", ".bin"] where stem.hasSuffix(suffix) { stem.removeLast(suffix.count) }
        if name.contains(".safetensors") || name.contains(".bin") {
            if stem.hasSuffix(".fp16") { stem.removeLast(5) }
            if let range = stem.range(of: #"-\d+-of-\d+$"#, options: .regularExpression) { stem.removeSubrange(range) }
            return stem + (name.contains(".safetensors") ? ".safetensors" : ".bin")
        }
        return stem
    }
}
