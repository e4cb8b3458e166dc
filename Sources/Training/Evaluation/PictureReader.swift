import Networks
import Scenes
import Tensors

/// A small convolutional network that reads a scene's factors off its picture: the factor reader of what a pack draws.
///
/// Pictures `[batch, 3, side, side]` in −1…1, with a side that 32 divides, → for every factor the logits of its values.
struct PictureReader {
    private struct Layer {
        let weight, bias, normWeight, normBias: Tensor
        let stride: Int
    }

    /// Output channels of each layer, and whether it halves the picture.
    private static let plan: [(channels: Int, halves: Bool)] = [
        (32, true), (64, true), (64, false), (96, true), (96, false), (128, true), (128, true),
    ]

    private let layers: [Layer]
    let readers: FactorReaders

    /// - Parameter side: of the pictures, in pixels.
    init(_ weights: Weights, side: Int) throws {
        var input = 3
        layers = try Self.plan.enumerated().map { index, layer in
            let (place, output) = (weights["layers"][index], layer.channels)
            defer { input = output }
            return Layer(
                weight: try place.parameter("weight", [output, input, 3, 3], initially: .uniform(fanIn: input * 9), channelsLast: true),
                bias: try place.parameter("bias", [output]),
                normWeight: try place["norm"].parameter("weight", [output], initially: .constant(1)),
                normBias: try place["norm"].parameter("bias", [output]), stride: layer.halves ? 2 : 1)
        }
        let rest = side / 32
        readers = try FactorReaders(weights["readers"], width: input * rest * rest)
    }

    /// What the linear readers read: `[batch, width]`.
    func callAsFunction(_ pictures: Tensor) throws -> Tensor {
        var x = try pictures.channelsLast()
        for layer in layers {
            x = try x.convolved(layer.weight, layer.bias, stride: layer.stride, padding: 1)
                .groupNormalised(groups: 8, layer.normWeight, layer.normBias, epsilon: 1e-5).silu()
        }
        return try x.contiguous().reshaped([pictures.size(0), -1])
    }
}
