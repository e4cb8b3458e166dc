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
    /// Whether linear layers get their weights as the file has them, mapped and in its type, and widen them each time.
    var mapsLinearWeights: Bool { get }
    /// Whether layers are arranged as GPUs like it, where every operation takes a launch: those with one input joined, biases left to what comes next.
    var isForGPU: Bool { get }
    /// The parameter called `name`, of exactly `shape`.
    func parameter(_ name: String, shape: [Int], initially: Initialisation, channelsLast: Bool) throws -> Tensor
    /// The weight `[output, input]` of a linear layer.
    func linearWeight(_ name: String, shape: [Int]) throws -> Tensor
}

extension ParameterSource {
    public var mapsLinearWeights: Bool { false }

    public var isForGPU: Bool { false }

    public func linearWeight(_ name: String, shape: [Int]) throws -> Tensor {
        try parameter(name, shape: shape, initially: .uniform(fanIn: shape.last ?? 1), channelsLast: false)
    }
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

    /// The parameter `weight` here as that of a linear layer.
    /// - Throws: when it is missing or its shape is not `[output, input]`.
    func linearWeight(from input: Int, to output: Int) throws -> Tensor {
        try source.linearWeight(joined("weight"), shape: [output, input])
    }

    /// Whether the checkpoint has a parameter `name` here.
    public func contains(_ name: String) -> Bool { source.contains(joined(name)) }

    private func joined(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
}
