import Tensors

/// Parameters read from a file of weights, each converted once; knows which were taken, so that nothing in the file goes unnoticed.
public final class CheckpointSource: ParameterSource {
    private let file: any WeightFile
    private let dataType: DataType
    private let device: Device
    public let isForTraining = false
    private var taken: Set<String> = []

    public init(_ file: any WeightFile, as dataType: DataType = .float32, on device: Device = .cpu) {
        self.file = file
        self.dataType = dataType
        self.device = device
    }

    public func contains(_ name: String) -> Bool { file.entry(name) != nil }

    public func parameter(_ name: String, shape: [Int], initially: Initialisation, channelsLast: Bool) throws -> Tensor {
        _ = try file.parameterEntry(name, shape: shape)
        taken.insert(name)
        let value = try file.tensor(name).to(dataType, device: device)
        return channelsLast ? try value.channelsLast() : value
    }

    /// Marks a parameter that the network knows of but does not need.
    public func ignore(_ name: String) { taken.insert(name) }

    /// Makes sure that every parameter of the file was taken.
    /// - Throws: `NetworkError.unknownParameters` with the names that are left over.
    public func finish() throws {
        let left = file.names.filter { !taken.contains($0) }
        if !left.isEmpty { throw NetworkError.unknownParameters(file: file.url.path, names: left) }
    }
}
