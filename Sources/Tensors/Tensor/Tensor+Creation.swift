import CTorch

extension Tensor {
    /// A tensor whose elements are all `value`.
    public static func full(_ shape: [Int], _ value: Double, type: DataType = .float32, device: Device = .cpu) throws -> Tensor {
        try Tensor { ct_full(shape.wide, Int32(shape.count), value, type.code, device.code, &$0) }
    }

    public static func zeros(_ shape: [Int], type: DataType = .float32, device: Device = .cpu) throws -> Tensor {
        try full(shape, 0, type: type, device: device)
    }

    /// Zeros of the shape and type of `other`, on its device and in its order of memory.
    public static func zeros(like other: Tensor) throws -> Tensor { try Tensor { ct_zeros_like(other.handle, &$0) } }

    public static func ones(_ shape: [Int], type: DataType = .float32, device: Device = .cpu) throws -> Tensor {
        try full(shape, 1, type: type, device: device)
    }

    /// `[0, 1, … count − 1]`.
    public static func range(_ count: Int, type: DataType = .float32, device: Device = .cpu) throws -> Tensor {
        try Tensor { ct_arange(Int64(count), type.code, device.code, &$0) }
    }

    /// Ones on the diagonal, `[count, count]`, in float32.
    public static func identity(_ count: Int, device: Device = .cpu) throws -> Tensor {
        let order = try range(count, device: device)
        return try order.reshaped([-1, 1]).isEqual(to: order).to(.float32)
    }

    /// A tensor with a copy of `values` in row-major order.
    /// - Throws: `TensorError.wrongElementCount` when the shape does not hold them exactly.
    public convenience init(_ values: [Float], shape: [Int], device: Device = .cpu) throws {
        try self.init(copying: values, shape: shape, type: .float32, device: device)
    }

    public convenience init(_ values: [Int64], shape: [Int], device: Device = .cpu) throws {
        try self.init(copying: values, shape: shape, type: .int64, device: device)
    }

    public convenience init(_ values: [UInt8], shape: [Int], device: Device = .cpu) throws {
        try self.init(copying: values, shape: shape, type: .uint8, device: device)
    }

    private convenience init<Element>(copying values: [Element], shape: [Int], type: DataType, device: Device) throws {
        let expected = shape.checkedProduct
        guard expected == values.count else { throw TensorError.wrongElementCount(expected: expected ?? .max, found: values.count) }
        try self.init { out in
            let status = values.withUnsafeBytes { ct_copy_from_host($0.baseAddress, shape.wide, Int32(shape.count), type.code, &out) }
            guard status == CT_OK, device != .cpu, let copy = out else { return status }
            defer { ct_free(copy) }
            return ct_to(copy, type.code, device.code, &out)
        }
    }

    /// A tensor over memory that `owner` keeps valid; nothing is copied, and `owner` is released with the last tensor over it.
    ///
    /// The memory must be aligned for `type`, hold the whole shape in row-major order, and never change.
    convenience init(over memory: UnsafeRawPointer, shape: [Int], type: DataType, owner: AnyObject) throws {
        // libtorch releases the context also when it fails to make the tensor.
        let context = Unmanaged.passRetained(owner)
        try self.init { out in
            ct_over_memory(
                UnsafeMutableRawPointer(mutating: memory), shape.wide, Int32(shape.count), type.code,
                { Unmanaged<AnyObject>.fromOpaque($0!).release() }, context.toOpaque(), &out)
        }
    }
}
