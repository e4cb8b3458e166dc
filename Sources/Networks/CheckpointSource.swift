import Tensors

/// Parameters read from a file of weights, each converted once; knows which were taken, so that nothing in the file goes unnoticed.
public final class CheckpointSource: ParameterSource {
    private let file: any WeightFile
    private let dataType: DataType
    private let device: Device
    public let weightsMayChange = false
    public let mapsLinearWeights: Bool
    public var isForGPU: Bool { device != .cpu }
    private let each: (Int) throws -> Void
    private var taken: Set<String> = []

    /// - Parameters:
    ///   - file: the weights.
    ///   - dataType: the type that floating-point parameters are converted to.
    ///   - device: where they are put.
    ///   - mapsLinearWeights: whether weights of linear layers stay in the file, in its type, and are widened each time that they are used: what
    ///     loads a network at once that is not used often. It is for float32 on the CPU.
    ///   - each: called with how many bytes of the file each parameter took, once it is read; what it throws ends the loading.
    public init(
        _ file: any WeightFile, as dataType: DataType = .float32, on device: Device = .cpu, mapsLinearWeights: Bool = false,
        each: @escaping (Int) throws -> Void = { _ in }
    ) {
        self.file = file
        self.dataType = dataType
        self.device = device
        self.mapsLinearWeights = mapsLinearWeights && device == .cpu && dataType == .float32
        self.each = each
    }

    public func contains(_ name: String) -> Bool { file.entry(name) != nil }

    public func parameter(_ name: String, shape: [Int], initially: Initialisation, channelsLast: Bool) throws -> Tensor {
        let entry = try file.parameterEntry(name, shape: shape)
        taken.insert(name)
        let value = try file.tensor(name).to(dataType, device: device)
        guard try value.isCertainlyFinite() else { throw NetworkError.notFinite(file: file.url.path, name: name) }
        try each(entry.byteRange.count)
        return channelsLast ? try value.channelsLast() : value
    }

    public func linearWeight(_ name: String, shape: [Int]) throws -> Tensor {
        let entry = try file.parameterEntry(name, shape: shape)
        guard mapsLinearWeights, [.float32, .float16, .bfloat16].contains(entry.dataType) else {
            return try parameter(name, shape: shape, initially: .constant(0), channelsLast: false)
        }
        taken.insert(name)
        try each(entry.byteRange.count)
        // Whether they are finite shows in what is computed: looking would read them all.
        return try file.tensor(name)
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

extension Tensor {
    /// Whether every element is finite, told from the sum wherever that is: reading once is all that it costs.
    fileprivate func isCertainlyFinite() throws -> Bool {
        // The sum of many finite numbers may be too large for half precision.
        try count == 0 || sum().item().isFinite || isAllFinite()
    }
}
