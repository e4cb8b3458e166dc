import Foundation
import Networks
import Tensors

extension Pack {
    /// The autoencoder's sizes are those of its file.
    /// - Parameter file: where it is open already.
    func sparseAutoencoder(
        from file: (any WeightFile)? = nil, as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void = { _ in }
    ) throws -> SparseAutoencoder {
        let file = try file ?? sparseAutoencoderFile()
        let (count, width) = try sparseAutoencoderSizes(of: file)
        let configuration = try sparseAutoencoderConfiguration(of: file)
        let source = CheckpointSource(file, as: dataType, on: device, each: each)
        let autoencoder = try SparseAutoencoder(
            Weights(source), count: count, width: width, activation: configuration.activation,
            subtractsDecoderBias: configuration.subtractsDecoderBias)
        try source.finish()
        return autoencoder
    }

    /// The numbers of features and of the numbers of an embedding.
    func sparseAutoencoderSizes(of file: any WeightFile) throws -> (count: Int, width: Int) {
        let name = "encoder.weight"
        guard let shape = file.entry(name)?.shape else {
            throw NetworkError.missingParameter(file: file.url.path, name: name, shape: [])
        }
        guard shape.count == 2 else {
            throw NetworkError.misshapenParameter(file: file.url.path, name: name, found: shape, expected: [0, 0])
        }
        return (shape[0], shape[1])
    }

    /// How many features its sparse autoencoder has, by the header of the file.
    /// - Throws: `NetworkError` when the file is not an autoencoder's.
    func featureCount() throws -> Int { try sparseAutoencoderSizes(of: sparseAutoencoderFile()).count }

    /// What `sae/config.json` says, where it is there, and what the file of weights says without it.
    func sparseAutoencoderConfiguration(of file: any WeightFile) throws -> SparseAutoencoderConfiguration {
        let threshold = file.entry("threshold")?.shape
        let url = try folder(of: .sae).appendingPathComponent("config.json")
        guard FileManager.default.fileExists(atPath: url.path) else { return SparseAutoencoderConfiguration(threshold: threshold) }
        return try SparseAutoencoderConfiguration(contentsOf: url, threshold: threshold)
    }

    func sparseAutoencoderFile() throws -> any WeightFile {
        let place = try folder(of: .sae)
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
        if names.contains(where: { $0.hasPrefix("model.") && $0.contains("safetensors") }) {
            return try WeightFiles.open(in: place, stem: "model")
        }
        guard let name = names.filter({ $0.hasSuffix(".pth") || $0.hasSuffix(".pt") }).sorted().first else {
            throw SteeringError.packPartMissing(pack: folder.path, part: "sae/model.safetensors and no sae/*.pth")
        }
        return try PyTorchFile(contentsOf: place.appendingPathComponent(name))
    }
}
