import Foundation
import Networks
import Tensors

extension Pack {
    /// Older checkpoints of the image tower store the positions 0, 1, … as a parameter.
    static let positionIndices = "vision_model.embeddings.position_ids"

    /// The image tower's input format.
    func pixelNormalisation() throws -> PixelNormalisation {
        try PixelNormalisation(contentsOf: folder(of: .imageProcessor).appendingPathComponent("preprocessor_config.json"))
    }

    func schedule() throws -> NoiseSchedule {
        try NoiseSchedule(contentsOf: folder(of: .scheduler).appendingPathComponent("scheduler_config.json"))
    }

    func unetConfiguration() throws -> UNetConfiguration {
        try UNetConfiguration(contentsOf: folder(of: .unet).appendingPathComponent("config.json"))
    }

    func movqConfiguration() throws -> MoVQConfiguration {
        try MoVQConfiguration(contentsOf: folder(of: .movq).appendingPathComponent("config.json"))
    }

    func imageTower(as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void = { _ in }) throws -> ImageTower {
        let place = try folder(of: .imageEncoder)
        let configuration = try ImageTowerConfiguration(contentsOf: place.appendingPathComponent("config.json"))
        return try load(place, stem: "model", as: dataType, on: device, each: each) { source in
            source.ignore(Self.positionIndices)
            return try ImageTower(configuration, Weights(source))
        }
    }

    func unet(as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void = { _ in }) throws -> UNet {
        let place = try folder(of: .unet)
        let configuration = try unetConfiguration()
        return try load(place, stem: "diffusion_pytorch_model", as: dataType, on: device, each: each) {
            try UNet(configuration, Weights($0))
        }
    }

    func movq(as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void = { _ in }) throws -> MoVQ {
        let place = try folder(of: .movq)
        let configuration = try movqConfiguration()
        return try load(place, stem: "diffusion_pytorch_model", as: dataType, on: device, each: each) { source in
            source.ignore(MoVQ.codebookName)
            return try MoVQ(configuration, Weights(source))
        }
    }

    /// The autoencoder's sizes are those of its file.
    /// - Parameter file: where it is open already.
    func sparseAutoencoder(
        from file: (any WeightFile)? = nil, as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void = { _ in }
    ) throws -> SparseAutoencoder {
        let file = try file ?? sparseAutoencoderFile()
        guard let entry = file.entry("encoder.weight") else {
            throw NetworkError.missingParameter(file: file.url.path, name: "encoder.weight", shape: [])
        }
        guard entry.shape.count == 2 else {
            throw NetworkError.misshapenParameter(file: file.url.path, name: "encoder.weight", found: entry.shape, expected: [0, 0])
        }
        let source = CheckpointSource(file, as: dataType, on: device, each: each)
        let configuration = try sparseAutoencoderConfiguration(threshold: file.entry("threshold")?.shape)
        let autoencoder = try SparseAutoencoder(
            Weights(source), count: entry.shape[0], width: entry.shape[1], activation: configuration.activation,
            subtractsDecoderBias: configuration.subtractsDecoderBias)
        try source.finish()
        return autoencoder
    }

    private func sparseAutoencoderConfiguration(threshold: [Int]?) throws -> SparseAutoencoderConfiguration {
        let file = try folder(of: .sae).appendingPathComponent("config.json")
        guard FileManager.default.fileExists(atPath: file.path) else { return SparseAutoencoderConfiguration(threshold: threshold) }
        return try SparseAutoencoderConfiguration(contentsOf: file, threshold: threshold)
    }

    /// How many features its sparse autoencoder has, by the header of the file.
    /// - Throws: `NetworkError.missingParameter` when the file is not an autoencoder's.
    func featureCount() throws -> Int {
        let file = try sparseAutoencoderFile()
        guard let count = file.entry("encoder.weight")?.shape.first else {
            throw NetworkError.missingParameter(file: file.url.path, name: "encoder.weight", shape: [])
        }
        return count
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

    /// The file with the weights of one of the networks that every pack has.
    func weightFile(of part: Part) throws -> any WeightFile {
        part == .sae
            ? try sparseAutoencoderFile()
            : try WeightFiles.open(in: folder(of: part), stem: part == .imageEncoder ? "model" : "diffusion_pytorch_model")
    }

    func load<Network>(
        _ place: URL, stem: String, as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void = { _ in },
        _ build: (CheckpointSource) throws -> Network
    ) throws -> Network {
        let source = CheckpointSource(try WeightFiles.open(in: place, stem: stem), as: dataType, on: device, each: each)
        do {
            let network = try build(source)
            try source.finish()
            return network
        } catch NetworkError.unsuitableInput(let message) {
            // Layers know their place in the network, but not the file.
            throw NetworkError.unsuitableInput("\(place.path): \(message)")
        }
    }
}
