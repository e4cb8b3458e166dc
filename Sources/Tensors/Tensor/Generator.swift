import CTorch

/// A source of random numbers with a seed of its own; on the CPU the numbers equal those of `torch.Generator` with that seed.
public final class Generator {
    private let handle: OpaquePointer

    public init(seed: UInt64, device: Device = .cpu) throws {
        var made: OpaquePointer?
        try check(ct_generator(seed, device.code, &made))
        guard let made else { throw TensorError.unexpected("no generator was returned") }
        handle = made
    }

    deinit {
        ct_generator_free(handle)
    }

    /// Standard normal numbers.
    public func normal(_ shape: [Int]) throws -> Tensor {
        try Tensor { ct_normal(shape.wide, Int32(shape.count), handle, &$0) }
    }

    /// Uniform numbers in [0, 1).
    public func uniform(_ shape: [Int]) throws -> Tensor {
        try Tensor { ct_uniform(shape.wide, Int32(shape.count), handle, &$0) }
    }

    /// Integers in `0..<bound`, as int64.
    public func integers(below bound: Int, _ shape: [Int]) throws -> Tensor {
        try Tensor { ct_integers(Int64(bound), shape.wide, Int32(shape.count), handle, &$0) }
    }
}
