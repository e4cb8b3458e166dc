import Tensors

/// The weights of a convolution, in the form in which it runs fastest where it runs.
enum ConvolutionKernel {
    /// As the checkpoint has them: for training and for GPUs.
    case plain(Tensor)
    /// Reordered for oneDNN, which otherwise does it at every call.
    case packed(Tensor)
    /// Ordered for a 3×3 convolution in float32 that takes 2.25 or 4 times fewer multiplications.
    case winograd(Tensor)
    /// Stored in a type that this processor cannot multiply, and multiplied in float32: about four times as fast as emulating that type.
    case widened(Tensor)

    /// - Parameter weight: `[out, in, size, size]` in row-major memory.
    init(_ weight: Tensor, stride: Int, padding: Int) throws {
        guard weight.device == .cpu else {
            self = .plain(try weight.channelsLast())
            return
        }
        let type = try weight.dataType
        let isWidened = !Libtorch.multiplies(type)
        if isWidened || type == .float32, Self.suitsWinograd(weight, stride: stride, padding: padding) {
            self = .winograd(try weight.winogradWeights())
        } else if isWidened {
            self = .widened(weight)
        } else if Libtorch.canPackWeights, min(weight.size(0), weight.size(1)) >= 16 {
            self = .packed(try weight.packedWeights(stride: stride, padding: padding))
        } else {
            self = .plain(try weight.channelsLast())
        }
    }

    /// Whether Winograd's form is faster. It is not for few channels, where transforming pictures takes longer than is saved and small networks
    /// have small pictures, nor for very many: those are a network's lowest level, whose pictures are too small.
    private static func suitsWinograd(_ weight: Tensor, stride: Int, padding: Int) -> Bool {
        let (output, input) = (weight.size(0), weight.size(1))
        guard weight.shape.suffix(2) == [3, 3], stride == 1, padding == 1, output % 16 == 0, input % 16 == 0 else { return false }
        return output * input >= 256 * 256 && output < 1536
    }
}
