import CTorch

extension Tensor {
    /// The one element as a number.
    /// - Throws: `TensorError.refused` when there is not exactly one.
    public func item() throws -> Double {
        var value = 0.0
        try check(ct_item(handle, &value))
        return value
    }

    /// All elements in row-major order, as `Float` whatever the type.
    public func floats() throws -> [Float] {
        try to(.float32).elements(of: Float.self, zero: 0)
    }

    /// All elements in row-major order, as `Int` whatever the type.
    public func integers() throws -> [Int] {
        try to(.int64).elements(of: Int64.self, zero: 0).map(Int.init)
    }

    /// All elements in row-major order of a uint8 tensor.
    public func bytes() throws -> [UInt8] {
        try to(.uint8).elements(of: UInt8.self, zero: 0)
    }

    /// The elements as they lie in memory when contiguous, row-major, in the tensor's own type.
    public func rawBytes() throws -> [UInt8] {
        try elements(of: UInt8.self, zero: 0, count: count * dataType.byteCount)
    }

    private func elements<Element>(of type: Element.Type, zero: Element, count: Int? = nil) throws -> [Element] {
        var values = [Element](repeating: zero, count: count ?? self.count)
        let size = values.count * MemoryLayout<Element>.stride
        try values.withUnsafeMutableBytes { try check(ct_copy_to_host(handle, $0.baseAddress, size)) }
        return values
    }
}
