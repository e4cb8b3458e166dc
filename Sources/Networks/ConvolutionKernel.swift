import Tensors

/// The weights of a convolution, in the form in which it runs fastest where it runs.
enum ConvolutionKernel {
    /// As the checkpoint has them: for training.
    case plain(Tensor)
    /// For GPUs, where libtorch would add the bias in a pass of its own: what comes next adds it.
    case unbiased(Tensor)
    /// The matrix `[out, in]` of a 1×1 convolution, for which nothing needs reordering.
    case pointwise(Tensor)
    /// Reordered for oneDNN, which otherwise does it at every call.
    case packed(Tensor)
    /// Ordered for a 3×3 convolution in float32 that takes 2.25 or 4 times fewer multiplications.
    case winograd(Tensor)
    /// Both of the last two: the one for large pictures, where the transformed weights serve many tiles, the other for small ones.
    case bySize(winograd: Tensor, packed: Tensor)
    /// Stored in a type that this processor cannot multiply, and multiplied in float32: about four times as fast as emulating that type.
    case widened(Tensor)

    /// - Parameters:
    ///   - weight: `[out, in, size, size]` in row-major memory.
    ///   - isForGPU: how layers are arranged; see `ParameterSource`.
    init(_ weight: Tensor, stride: Int, padding: Int, isForGPU: Bool) throws {
        let isWidened = try weight.device == .cpu && !Libtorch.multiplies(weight.dataType)
        // A GPU multiplies rows of numbers that begin at no multiple of eight slowly, if at all.
        let suitsMatrix = !isForGPU || weight.size(0).isMultiple(of: 8) && weight.size(1).isMultiple(of: 8)
        if !isWidened, suitsMatrix, weight.shape.suffix(2) == [1, 1], stride == 1, padding == 0 {
            self = .pointwise(try weight.reshaped([weight.size(0), weight.size(1)]))
            return
        }
        if isForGPU {
            self = .unbiased(try weight.channelsLast())
            return
        }
        let isPacked = !isWidened && Libtorch.canPackWeights && Self.canBePacked(weight)
        let packed = { try weight.packedWeights(stride: stride, padding: padding) }
        switch try Self.gainOfWinograd(weight, stride: stride, padding: padding) {
        case .always: self = .winograd(try weight.winogradWeights())
        case .forLargePictures where isPacked: self = .bySize(winograd: try weight.winogradWeights(), packed: try packed())
        case _ where isPacked: self = .packed(try packed())
        case _ where isWidened: self = .widened(weight)
        default: self = .plain(try weight.channelsLast())
        }
    }

    /// Whether oneDNN orders the weights alike for pictures of all sizes; a wrong order costs a slow reordering at every call.
    ///
    /// It takes 96 output channels in blocks of 48 for pictures of 16 × 16 and of 32 for smaller ones; what else 48 divides is taken to be alike,
    /// unless 64 divides it.
    private static func canBePacked(_ weight: Tensor) -> Bool {
        let (output, input) = (weight.size(0), weight.size(1))
        return min(output, input) >= 16 && (output.isMultiple(of: 64) || !output.isMultiple(of: 48))
    }

    /// The number of pixels from which on a picture is large for weights of which there are few.
    static let largePicture = 64 * 64

    private enum Gain {
        case never, forLargePictures, always
    }

    /// Where Winograd's form is faster. It is not for few channels, where transforming pictures takes longer than is saved.
    private static func gainOfWinograd(_ weight: Tensor, stride: Int, padding: Int) throws -> Gain {
        let (output, input) = (weight.size(0), weight.size(1))
        let isFloat32 = try weight.dataType == .float32 || !Libtorch.multiplies(weight.dataType)
        guard isFloat32, weight.shape.suffix(2) == [3, 3], stride == 1, padding == 1, output % 16 == 0, input % 16 == 0 else {
            return .never
        }
        switch output * input {
        case (256 * 256)...: return .always
        case (128 * 128)...: return .forLargePictures
        default: return .never
        }
    }
}
