import Tensors

/// Tensors of one checkpoint, by name.
public typealias NamedTensors = [(name: String, tensor: Tensor)]

/// The mean and the deviation of each channel of an autoencoder's latents.
struct LatentScale {
    /// `[channels]`.
    let mean, deviation: Tensor

    /// - Parameter latents: `[count, channels, height, width]`.
    init(_ latents: Tensor) throws {
        mean = try latents.mean([0, 2, 3])
        let squares = try latents.squared().mean([0, 2, 3])
        deviation = try (squares - mean.squared()).maximum(Tensor.full([1], 1e-12)).squareRoot()
    }

    /// The parameters of a MoVQ whose latents have mean 0 and deviation 1 and whose pictures are the same.
    ///
    /// Everything that makes or takes latents is a 1×1 convolution: the last of the encoder, the first of the decoder, and those inside
    /// the decoder's spatial norms.
    func folded(into parameters: NamedTensors) throws -> NamedTensors {
        let biases = Dictionary(parameters.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
        return try parameters.map { name, tensor in
            let value = try tensor.detached()
            guard let (layer, kind) = Self.layer(of: name) else { return (name, value) }
            switch (layer.hasSuffix("post_quant_conv") || !layer.hasSuffix("quant_conv"), kind) {
            case (false, "weight"): return (name, try value / deviation.reshaped([-1, 1, 1, 1]))
            case (false, _): return (name, try (value - mean) / deviation)
            case (true, "weight"): return (name, try value * deviation.reshaped([1, -1, 1, 1]))
            case (true, _):
                guard let weight = biases[layer + ".weight"] else { return (name, value) }
                let shift = try weight.detached().reshaped([value.count, -1]).matmul(mean.reshaped([-1, 1])).reshaped([-1])
                return (name, try value + shift)
            }
        }
    }

    /// The layer and the last part of the name, when that layer makes or takes latents.
    private static func layer(of name: String) -> (layer: String, kind: String)? {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        let layer = String(name[..<dot])
        let ends = ["quant_conv", "conv_y", "conv_b"]
        return ends.contains(where: layer.hasSuffix) ? (layer, String(name[name.index(after: dot)...])) : nil
    }
}
