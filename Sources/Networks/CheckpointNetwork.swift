import Foundation

/// The sizes of a network, as the `config.json` beside its weights gives them.
public protocol NetworkConfiguration: Sendable {
    /// - Throws: `NetworkError` for an option that is missing, out of range, or not supported.
    init(contentsOf url: URL) throws
}

/// A network that is built from a configuration and a checkpoint of its parameters.
public protocol CheckpointNetwork {
    associatedtype Sizes: NetworkConfiguration

    /// Parameters that checkpoints may have and the network does not need.
    static var unneededParameters: [String] { get }

    /// - Throws: when a parameter is missing or misshapen, or the sizes do not suit each other.
    init(_ configuration: Sizes, _ weights: Weights) throws
}

extension CheckpointNetwork {
    public static var unneededParameters: [String] { [] }
}
