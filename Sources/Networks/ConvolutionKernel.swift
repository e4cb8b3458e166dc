import Tensors

/// The weights of a convolution, in the form in which it runs fastest where it runs.
enum ConvolutionKernel {
    /// As the checkpoint has them: for training and for GPUs.
    case plain(Tensor)
    /// Reordered for oneDNN, which otherwise does it at every call.
    case packed(Tensor)
    /// Transformed so that a 3×3 convolution in float32 takes 2.25 or 4 times fewer multiplications.
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
        let (output, input) = (weight.size(0), weight.size(1))
        if !Libtorch.multiplies(type) {
            self = .widened(weight)
        } else if let results = Self.winogradResults(weight, stride: stride, padding: padding), type == .float32 {
            self = .winograd(try weight.winogradWeights(results: results))
        } else if Libtorch.canPackWeights, min(output, input) >= 16 {
            self = .packed(try weight.packedWeights(stride: stride, padding: padding))
        } else {
            self = .plain(try weight.channelsLast())
        }
    }

    /// The side of Winograd's squares; nil where the direct form is better.
    ///
    /// The transformed weights are 4 (side 4) or 1.8 (side 2) times as large. Those of many channels are used on small pictures, where reading
    /// them costs more than is saved, and they are most of a network's memory.
    private static func winogradResults(_ weight: Tensor, stride: Int, padding: Int) -> Int? {
        let (output, input) = (weight.size(0), weight.size(1))
        guard weight.shape.suffix(2) == [3, 3], stride == 1, padding == 1, output % 16 == 0, input % 16 == 0 else { return nil }
        return switch output * input {
        case 128 * 128..<384 * 384: 4
        case 384 * 384..<512 * 512: 2
        default: nil
        }
    }
}
