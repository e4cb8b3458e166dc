import Tensors

/// Compares a network with a file of weights by names, types and shapes; no number is read, and every fault is kept, not only the first.
public final class ParameterCheck: ParameterSource {
    private let file: any WeightFile
    // What is made ready for running is not worth the time here.
    public let weightsMayChange = true
    private var taken: Set<String> = []
    private var found: [NetworkError] = []

    public init(_ file: any WeightFile) {
        self.file = file
    }

    public func contains(_ name: String) -> Bool { file.entry(name) != nil }

    public func parameter(_ name: String, shape: [Int], initially: Initialisation, channelsLast: Bool) throws -> Tensor {
        taken.insert(name)
        do {
            _ = try file.parameterEntry(name, shape: shape)
        } catch let fault as NetworkError {
            found.append(fault)
        }
        // One number that stands for all.
        return try Tensor.zeros(shape.map { _ in 1 }).expanded(shape)
    }

    /// Marks a parameter that the network knows of but does not need.
    public func ignore(_ name: String) { taken.insert(name) }

    /// Everything that is wrong once the network is built: what is missing or misshapen, then what nobody asked for.
    public var faults: [NetworkError] {
        let left = file.names.filter { !taken.contains($0) }
        return left.isEmpty ? found : found + [.unknownParameters(file: file.url.path, names: left)]
    }
}

extension WeightFile {
    /// What the file says about a parameter of a network.
    /// - Throws: `NetworkError` when it is missing, has another shape, or does not hold floating-point numbers.
    func parameterEntry(_ name: String, shape: [Int]) throws -> TensorEntry {
        guard let entry = entry(name) else { throw NetworkError.missingParameter(file: url.path, name: name, shape: shape) }
        guard entry.shape == shape else {
            throw NetworkError.misshapenParameter(file: url.path, name: name, found: entry.shape, expected: shape)
        }
        guard entry.dataType.isFloatingPoint else {
            throw NetworkError.wrongParameterType(file: url.path, name: name, found: entry.dataType.rawValue)
        }
        return entry
    }
}
