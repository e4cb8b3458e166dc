import Diffusion
import Foundation
import Networks
import Tensors

extension Pack {
    func unetConfiguration() throws -> UNetConfiguration { try configuration(of: .unet) }

    func movqConfiguration() throws -> MoVQConfiguration { try configuration(of: .movq) }

    func imageTower(
        as dataType: DataType, on device: Device, mapsLinearWeights: Bool = false, each: @escaping (Int) throws -> Void = { _ in }
    ) throws -> ImageTower {
        try network(.imageEncoder, as: dataType, on: device, mapsLinearWeights: mapsLinearWeights, each: each)
    }

    func unet(as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void = { _ in }) throws -> UNet {
        try network(.unet, as: dataType, on: device, each: each)
    }

    func movq(as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void = { _ in }) throws -> MoVQ {
        try network(.movq, as: dataType, on: device, each: each)
    }

    func textTower(as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void = { _ in }) throws -> TextTower {
        try network(.textEncoder, as: dataType, on: device, each: each)
    }

    func prior(as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void = { _ in }) throws -> Prior {
        try network(.prior, as: dataType, on: device, each: each)
    }

    func configuration<Sizes: NetworkConfiguration>(of part: Part) throws -> Sizes {
        try Sizes(contentsOf: folder(of: part).appendingPathComponent("config.json"))
    }

    private func network<Network: CheckpointNetwork>(
        _ part: Part, as dataType: DataType, on device: Device, mapsLinearWeights: Bool = false, each: @escaping (Int) throws -> Void
    ) throws -> Network {
        let configuration: Network.Sizes = try configuration(of: part)
        let source = CheckpointSource(
            try weightFile(of: part), as: dataType, on: device, mapsLinearWeights: mapsLinearWeights, each: each)
        Network.unneededParameters.forEach(source.ignore)
        do {
            let network = try Network(configuration, Weights(source))
            try source.finish()
            return network
        } catch NetworkError.unsuitableInput(let message) {
            // Layers know their place in the network, but not the file.
            throw NetworkError.unsuitableInput("\(try folder(of: part).path): \(message)")
        }
    }

    /// The file with the weights of one of the networks.
    func weightFile(of part: Part) throws -> any WeightFile {
        switch part {
        case .sae: try sparseAutoencoderFile().file
        // transformers and diffusers name their files differently.
        case .imageEncoder, .textEncoder: try WeightFiles.open(in: folder(of: part), stem: "model")
        default: try WeightFiles.open(in: folder(of: part), stem: "diffusion_pytorch_model")
        }
    }
}

extension WeightFile {
    /// How many numbers its tensors hold.
    var numberCount: Int { names.reduce(0) { $0 + (entry($1)?.shape.reduce(1, *) ?? 0) } }

    /// The size of its tensors.
    var byteCount: Int { names.reduce(0) { $0 + (entry($1)?.byteRange.count ?? 0) } }
}

/// What a pack says besides its networks.
extension Pack {
    /// The image tower's input format.
    func pixelNormalisation() throws -> PixelNormalisation {
        try PixelNormalisation(contentsOf: folder(of: .imageProcessor).appendingPathComponent("preprocessor_config.json"))
    }

    func schedule() throws -> NoiseSchedule {
        try NoiseSchedule(contentsOf: folder(of: .scheduler).appendingPathComponent("scheduler_config.json"))
    }

    func tokenizer() throws -> Tokenizer { try Tokenizer(contentsOf: folder(of: .tokenizer)) }

    func priorSchedule() throws -> PriorSchedule {
        try PriorSchedule(contentsOf: folder(of: .priorScheduler).appendingPathComponent("scheduler_config.json"))
    }
}
