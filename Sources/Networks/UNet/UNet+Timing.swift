import Tensors

extension UNet {
    /// How long a step of a small U-Net takes on the CPU in one type of numbers, the quickest of three: it has the layers of large ones, in the forms
    /// in which they run fastest there.
    public static func secondsOfStep(in type: DataType) throws -> Double {
        let unet = try UNet(small, Weights(DrawnWeights(type)))
        let latents = try Tensor.zeros([1, small.inputChannels, small.sampleSize, small.sampleSize])
        let time = try Tensor.full([1], 500)
        let condition = try unet.condition(Tensor.zeros([1, small.embeddingWidth]))
        let clock = ContinuousClock()
        let times = try (0..<3).map { _ in
            try clock.measure { _ = try unet(latents, timesteps: time, condition).floats() }
        }
        return times.map { $0 / .seconds(1) }.min() ?? .infinity
    }

    private static let small = UNetConfiguration(
        channels: [256, 512], layersPerBlock: 1, inputChannels: 4, outputChannels: 8, headWidth: 64, tokenWidth: 64, embeddingWidth: 64,
        sampleSize: 32)
}

/// Random weights in one type, which stay as they are.
private final class DrawnWeights: ParameterSource {
    let weightsMayChange = false
    private let fresh: FreshSource
    private let type: DataType

    init(_ type: DataType) throws {
        fresh = try FreshSource(seed: 1)
        self.type = type
    }

    func contains(_ name: String) -> Bool { false }

    func parameter(_ name: String, shape: [Int], initially: Initialisation, channelsLast: Bool) throws -> Tensor {
        try fresh.parameter(name, shape: shape, initially: initially, channelsLast: channelsLast).detached().to(type)
    }
}
