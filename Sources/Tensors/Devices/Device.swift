import CTorch

/// Where a tensor lives and is computed with.
public enum Device: Sendable, Equatable, CustomStringConvertible {
    case cpu
    case cuda(Int)

    /// How many CUDA devices this libtorch can use: none when it was built without CUDA or finds no driver.
    public static var cudaCount: Int { Int(ct_cuda_device_count()) }

    /// The first CUDA device where there is one, else the CPU.
    public static var preferred: Device { cudaCount > 0 ? .cuda(0) : .cpu }

    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let index): "cuda:\(index)"
        }
    }

    /// Reads `auto`, `cpu`, `cuda` or `cuda:N`.
    /// - Throws: `TensorError.unknownDevice` for anything else, and for a CUDA device that is not there.
    public init(named name: String) throws {
        switch name {
        case "auto": self = .preferred
        case "cpu": self = .cpu
        case "cuda": self = .cuda(0)
        default:
            guard name.hasPrefix("cuda:"), let index = Int(name.dropFirst(5)), index >= 0 else { throw TensorError.unknownDevice(name) }
            self = .cuda(index)
        }
        if case .cuda(let index) = self, index >= Self.cudaCount { throw TensorError.absentDevice(name, available: Self.cudaCount) }
    }

    var code: CTDevice {
        switch self {
        case .cpu: CTDevice(kind: CT_CPU, index: 0)
        // libtorch keeps the number in eight bits: one beyond them would mean another device, so it means the last, which no machine has.
        case .cuda(let index): CTDevice(kind: CT_CUDA, index: (0...127).contains(index) ? Int32(index) : 127)
        }
    }

    init(code: CTDevice) {
        self = code.kind == CT_CUDA ? .cuda(Int(code.index)) : .cpu
    }
}
