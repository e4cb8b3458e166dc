import CTorch

extension Tensor {
    /// The same numbers as another type or on another device; itself when nothing changes.
    public func to(_ type: DataType? = nil, device: Device? = nil) throws -> Tensor {
        let target = try type ?? dataType
        let place = device ?? self.device
        if try target == dataType && place == self.device { return self }
        return try Tensor { ct_to(handle, target.code, place.code, &$0) }
    }

    /// The same numbers in row-major memory.
    public func contiguous() throws -> Tensor { try Tensor { ct_contiguous(handle, &$0) } }

    /// The same `[batch, channels, height, width]` with channels lying next to each other: what convolutions like best.
    public func channelsLast() throws -> Tensor { try Tensor { ct_channels_last(handle, &$0) } }

    /// A copy with memory of its own.
    public func cloned() throws -> Tensor { try Tensor { ct_clone(handle, &$0) } }

    /// The same elements in another shape; one size may be −1.
    public func reshaped(_ shape: [Int]) throws -> Tensor { try Tensor { ct_reshape(handle, shape.wide, Int32(shape.count), &$0) } }

    public func permuted(_ order: [Int]) throws -> Tensor { try Tensor { ct_permute(handle, order.wide, Int32(order.count), &$0) } }

    public func transposed(_ first: Int = -2, _ second: Int = -1) throws -> Tensor {
        try Tensor { ct_transpose(handle, Int64(first), Int64(second), &$0) }
    }

    /// Repeats dimensions of size 1 without copying.
    public func expanded(_ shape: [Int]) throws -> Tensor { try Tensor { ct_expand(handle, shape.wide, Int32(shape.count), &$0) } }

    /// The slice `start ..< start + length` along `dimension`, without copying.
    public func narrowed(_ dimension: Int, from start: Int, length: Int) throws -> Tensor {
        try Tensor { ct_narrow(handle, Int64(dimension), Int64(start), Int64(length), &$0) }
    }

    /// Equal parts along `dimension`, without copying.
    /// - Throws: `TensorError.unevenSplit` when there are no such parts.
    public func split(_ count: Int, dimension: Int) throws -> [Tensor] {
        let size = size(dimension)
        guard count > 0, size.isMultiple(of: count) else { throw TensorError.unevenSplit(size: size, parts: count) }
        let length = size / count
        return try (0..<count).map { try narrowed(dimension, from: $0 * length, length: length) }
    }

    /// The tensors one after another along `dimension`.
    public static func concatenated(_ tensors: [Tensor], dimension: Int) throws -> Tensor {
        try tensors.withHandles { handles in
            try Tensor { ct_concatenate(handles, Int32(handles.count), Int64(dimension), &$0) }
        }
    }

    /// The slices at `indices` (int64) along `dimension`.
    public func selecting(_ indices: Tensor, dimension: Int = 0) throws -> Tensor {
        try Tensor { ct_index_select(handle, Int64(dimension), indices.handle, &$0) }
    }

    /// For each index (int64, as many dimensions as this tensor), the element there along `dimension`.
    public func gathering(_ indices: Tensor, dimension: Int) throws -> Tensor {
        try Tensor { ct_gather(handle, Int64(dimension), indices.handle, &$0) }
    }

    /// The elements in reverse order along `dimension`.
    public func flipped(_ dimension: Int) throws -> Tensor { try Tensor { ct_flip(handle, Int64(dimension), &$0) } }

    /// Zeros around: `amounts` holds before and after for the last dimension, then for the one before it, ….
    public func padded(_ amounts: [Int]) throws -> Tensor { try Tensor { ct_pad(handle, amounts.wide, Int32(amounts.count), &$0) } }
}
