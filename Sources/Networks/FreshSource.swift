import Tensors

/// New parameters for training, drawn from a seeded generator in the order in which the network asks for them.
public final class FreshSource: ParameterSource {
    private let generator: Generator
    private let device: Device
    public let weightsMayChange = true
    /// The parameters by name, in order.
    public private(set) var parameters: [(name: String, tensor: Tensor)] = []

    public init(seed: UInt64, device: Device = .cpu) throws {
        generator = try Generator(seed: seed, device: .cpu)
        self.device = device
    }

    public func contains(_ name: String) -> Bool { false }

    public func parameter(_ name: String, shape: [Int], initially: Initialisation, channelsLast: Bool) throws -> Tensor {
        let drawn = try initial(shape, initially).to(device: device)
        let parameter = channelsLast ? try drawn.channelsLast() : drawn
        try parameter.requireGradient()
        parameters.append((name, parameter))
        return parameter
    }

    private func initial(_ shape: [Int], _ kind: Initialisation) throws -> Tensor {
        switch kind {
        case .constant(let value): try Tensor.full(shape, value, device: .cpu)
        case .uniform(let fanIn): try (generator.uniform(shape) * 2 - 1) * (1 / Double(fanIn).squareRoot())
        case .normal(let deviation): try generator.normal(shape) * deviation
        }
    }
}
