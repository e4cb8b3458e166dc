extension MappedFile {
    /// The tensor whose elements lie at `entry.byteRange` in row-major order.
    ///
    /// It uses the mapping itself, and a copy only where the elements are not aligned for their type.
    func tensor(_ entry: TensorEntry) throws -> Tensor {
        try requireWhole()
        let bytes = UnsafeRawBufferPointer(rebasing: bytes[entry.byteRange])
        guard !entry.shape.contains(0), let start = bytes.baseAddress else { return try Tensor.zeros(entry.shape, type: entry.dataType) }
        if entry.dataType == .bool { try requireTruthValues(bytes) }
        guard Int(bitPattern: start).isMultiple(of: entry.dataType.byteCount) else {
            let copy = AlignedMemory(byteCount: bytes.count)
            copy.bytes.copyMemory(from: bytes)
            return try copy.tensor(entry.shape, entry.dataType)
        }
        return try Tensor(over: start, shape: entry.shape, type: entry.dataType, owner: MappedRange(self, entry.byteRange))
    }

    /// Makes sure that every byte is 0 or 1: C++ does not define what any other truth value does.
    private func requireTruthValues(_ bytes: UnsafeRawBufferPointer) throws {
        guard let other = bytes.first(where: { $0 > 1 }) else { return }
        throw WeightFileError.malformed(file: url.relativePath, problem: "a tensor of truth values holds the byte \(other)")
    }
}

/// The part of a mapped file that one tensor lies over: when the last tensor over it goes, so does the memory that it took.
///
/// A network that converts its weights would otherwise hold them twice until the file is closed.
private final class MappedRange {
    private let file: MappedFile
    private let range: Range<Int>

    init(_ file: MappedFile, _ range: Range<Int>) {
        self.file = file
        self.range = range
    }

    deinit {
        file.forget(range)
    }
}

/// Memory of its own, aligned for every type of element.
final class AlignedMemory {
    let bytes: UnsafeMutableRawBufferPointer

    init(byteCount: Int) {
        bytes = .allocate(byteCount: byteCount, alignment: 64)
    }

    deinit {
        bytes.deallocate()
    }

    /// A tensor over this memory, which lives as long as the tensor does.
    func tensor(_ shape: [Int], _ type: DataType) throws -> Tensor {
        guard let start = bytes.baseAddress else { return try Tensor.zeros(shape, type: type) }
        return try Tensor(over: start, shape: shape, type: type, owner: self)
    }
}
