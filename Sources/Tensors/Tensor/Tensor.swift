import CTorch

/// An array of numbers on a device: owns one handle on a libtorch tensor and frees it when the last reference goes.
///
/// Operations return new tensors and throw `TensorError` when shapes, types or devices do not fit. A tensor stays on the thread that made it.
public final class Tensor {
    let handle: OpaquePointer

    /// Takes over the handle that `make` writes.
    @inline(__always)
    init(_ make: (inout OpaquePointer?) -> CTStatus) throws {
        var made: OpaquePointer?
        try check(make(&made))
        guard let made else { throw TensorError.unexpected("no tensor was returned") }
        handle = made
    }

    init(owning handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        ct_free(handle)
    }

    /// How many tensors are alive in the process; for finding leaks.
    public static var liveCount: Int { Int(ct_live_tensors()) }

    /// How often this thread has brought numbers to a tensor or got them from one: each time, a CUDA device and the host wait for each other.
    public static var hostTransfers: Int { Int(ct_host_transfers()) }

    /// The number of dimensions.
    public var rank: Int { Int(ct_rank(handle)) }

    /// The size along each dimension.
    public var shape: [Int] { (0..<ct_rank(handle)).map { Int(ct_size(handle, $0)) } }

    /// The size along one dimension; negative counts from the last. It is 0 where there is no such dimension.
    public func size(_ dimension: Int) -> Int {
        let place = dimension < 0 ? rank + dimension : dimension
        guard (0..<rank).contains(place) else { return 0 }
        return Int(ct_size(handle, Int32(place)))
    }

    /// The number of elements.
    public var count: Int { Int(ct_element_count(handle)) }

    public var dataType: DataType {
        get throws {
            let code = ct_data_type(handle)
            guard let type = DataType(code: code) else { throw TensorError.unsupportedDataType(code) }
            return type
        }
    }

    public var device: Device { Device(code: ct_device(handle)) }

    /// Whether the channels of `[batch, channels, height, width]` lie next to each other in memory.
    public var isChannelsLast: Bool { ct_is_channels_last(handle) }
}

extension Tensor: CustomStringConvertible {
    public var description: String { "Tensor\(shape) on \(device)" }
}

extension [Tensor] {
    /// Calls `body` with the handles of all tensors, which stay alive meanwhile.
    func withHandles<Result>(_ body: ([OpaquePointer?]) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(map(\.handle)) }
    }
}

extension [Int] {
    var wide: [Int64] { map(Int64.init) }
}
