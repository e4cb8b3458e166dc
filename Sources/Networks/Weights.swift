import Tensors

/// How a parameter that is not in any file begins.
public enum Initialisation: Sendable {
    case constant(Double)
    /// Uniform in ±1/√fanIn.
    case uniform(fanIn: Int)
    case normal(deviation: Double)
}

/// Where parameters come from: a file of weights, or fresh numbers for training.
public protocol ParameterSource: AnyObject {
    func contains(_ name: String) -> Bool
    /// Whether weights may be replaced once the network is made: then no layer packs them, and no call is recorded.
    var weightsMayChange: Bool { get }
    /// The parameter called `name`, of exactly `shape`.
    func parameter(_ name: String, shape: [Int], initially: Initialisation, channelsLast: Bool) throws -> Tensor
}

/// The parameters below one name of a checkpoint: `weights["norm1"]` is the place where `norm1.weight` and `norm1.bias` are.
public struct Weights {
    public let source: any ParameterSource
    public let path: String

    public init(_ source: any ParameterSource, path: String = "") {
        self.source = source
        self.path = path
    }

    public subscript(_ name: String) -> Weights { Weights(source, path: joined(name)) }

    public subscript(_ index: Int) -> Weights { self[String(index)] }

    /// The parameter `name` here.
    /// - Throws: when it is missing or its shape is not `shape`.
    public func parameter(_ name: String, _ shape: [Int], initially: Initialisation = .constant(0), channelsLast: Bool = false) throws
        -> Tensor
    {
        try source.parameter(joined(name), shape: shape, initially: initially, channelsLast: channelsLast)
    }

    /// Whether the checkpoint has a parameter `name` here.
    public func contains(_ name: String) -> Bool { source.contains(joined(name)) }

    private func joined(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
}
