import Tensors

/// Tensors of one checkpoint, by name.
public typealias NamedTensors = [(name: String, tensor: Tensor)]

/// The linear map that gives an autoencoder's latents mean 0, deviation 1 and no correlation between channels.
struct LatentWhitening {
    /// `[channels]`.
    let mean: Tensor
    /// From the autoencoder's own latents, less their mean, to white ones, and back: `[channels, channels]`.
    let whitening, colouring: Tensor

    /// - Parameter latents: `[count, channels, height, width]`.
    /// - Throws: `TrainingError.unsuitable` when a channel is a combination of others, so that it cannot be told apart.
    init(_ latents: Tensor) throws {
        let channels = latents.size(1)
        let rows = try latents.permuted([1, 0, 2, 3]).reshaped([channels, -1]).to(.float64)
        let centre = try rows.mean([1], keep: true)
        let spread = try rows - centre
        let covariance = try (spread.matmul(spread.transposed()) * (1 / Double(rows.size(1)))).to(.float32).floats().map(Double.init)
        guard let triangle = LowerTriangle(rootOf: covariance, size: channels) else {
            throw TrainingError.unsuitable("The latents have a channel that others determine: train the autoencoder for longer.")
        }
        mean = try centre.reshaped([-1]).to(.float32)
        colouring = try Tensor(triangle.values.map(Float.init), shape: [channels, channels], device: .ambient)
        whitening = try Tensor(triangle.inverse.map(Float.init), shape: [channels, channels], device: .ambient)
    }

    /// The parameters of a MoVQ whose latents are white and whose pictures are the same.
    ///
    /// Everything that makes or takes latents is a 1×1 convolution: the last of the encoder, the first of the decoder, and those inside
    /// the decoder's spatial norms.
    func folded(into parameters: NamedTensors) throws -> NamedTensors {
        let values = try Dictionary(parameters.map { ($0.name, try $0.tensor.detached()) }, uniquingKeysWith: { first, _ in first })
        return try parameters.map { name, tensor in
            let value = try tensor.detached()
            guard let (layer, kind) = Self.layer(of: name), let weight = values[layer + ".weight"] else { return (name, value) }
            let matrix = try weight.contiguous().reshaped([weight.size(0), weight.size(1)])
            switch (Self.makesLatents(layer), kind) {
            case (true, "weight"): return (name, try whitening.matmul(matrix).reshaped(weight.shape))
            case (true, _): return (name, try whitening.matmul((value - mean).reshaped([-1, 1])).reshaped([-1]))
            case (false, "weight"): return (name, try matrix.matmul(colouring).reshaped(weight.shape))
            case (false, _): return (name, try value + matrix.matmul(mean.reshaped([-1, 1])).reshaped([-1]))
            }
        }
    }

    private static func makesLatents(_ layer: String) -> Bool { layer.hasSuffix("quant_conv") && !layer.hasSuffix("post_quant_conv") }

    /// The layer and the last part of the name, when that layer makes or takes latents.
    private static func layer(of name: String) -> (layer: String, kind: String)? {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        let layer = String(name[..<dot])
        let ends = ["quant_conv", "conv_y", "conv_b"]
        return ends.contains(where: layer.hasSuffix) ? (layer, String(name[name.index(after: dot)...])) : nil
    }
}
