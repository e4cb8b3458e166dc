/// A tensor as a pickled state dict describes it: a view of a storage with an offset and strides, all counted in elements.
struct StridedTensor {
    let storage: Storage
    let offset: Int
    let shape: [Int]
    let strides: [Int]

    /// A run of elements of one type, which several tensors may share.
    struct Storage {
        enum Place {
            /// Under this name in the archive.
            case entry(String)
            /// At these bytes of the file.
            case bytes(Range<Int>)
        }

        let place: Place
        let dataType: DataType
        let count: Int
    }

    /// - Throws: `Defect` unless all elements lie in the storage.
    init(storage: Storage, offset: Int, shape: [Int], strides: [Int]) throws {
        guard shape.count == strides.count, shape.count <= TensorEntry.highestRank else {
            throw Defect("a tensor has the shape \(shape) and the strides \(strides)")
        }
        self.storage = storage
        self.offset = offset
        self.shape = shape
        self.strides = strides
        guard storage.count >= 0, offset >= 0, (shape + strides).allSatisfy({ $0 >= 0 }),
            (shape + [storage.dataType.byteCount]).checkedProduct != nil, let end = checkedEnd, end <= storage.count
        else { throw Defect("a tensor of shape \(shape), strides \(strides) and offset \(offset) reaches beyond its storage") }
        guard let distinct = distinctShape.checkedProduct, distinct <= storage.count else {
            throw Defect("a tensor of shape \(shape) and strides \(strides) overlaps itself")
        }
    }

    /// The number of elements.
    var count: Int { shape.reduce(1, *) }

    /// The position after the last element that is used.
    var end: Int { checkedEnd ?? storage.count }

    private var checkedEnd: Int? {
        if shape.contains(0) { return offset }
        var last = offset
        for (size, stride) in zip(shape, strides) {
            let (step, tooFar) = (size - 1).multipliedReportingOverflow(by: stride)
            let (next, beyond) = last.addingReportingOverflow(step)
            if tooFar || beyond { return nil }
            last = next
        }
        let (end, beyond) = last.addingReportingOverflow(1)
        return beyond ? nil : end
    }

    /// Whether the elements lie next to each other in row-major order.
    var isContiguous: Bool {
        if shape.contains(0) { return true }
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() where size != 1 {
            if stride != expected { return false }
            expected *= size
        }
        return true
    }

    /// The shape before dimensions were repeated: those of stride 0 have size 1.
    var distinctShape: [Int] { zip(shape, strides).map { $1 == 0 ? min($0, 1) : $0 } }

    /// Copies the elements before repetition to `target` in row-major order.
    func gather<Element: FixedWidthInteger>(_: Element.Type, from storage: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer)
    {
        let shape = distinctShape
        let width = MemoryLayout<Element>.size
        var index = [Int](repeating: 0, count: shape.count)
        var source = offset
        for position in 0..<target.count / width {
            let element = storage.loadUnaligned(fromByteOffset: source * width, as: Element.self)
            target.storeBytes(of: element, toByteOffset: position * width, as: Element.self)
            for dimension in shape.indices.reversed() {
                index[dimension] += 1
                source += strides[dimension]
                if index[dimension] < shape[dimension] { break }
                source -= strides[dimension] * shape[dimension]
                index[dimension] = 0
            }
        }
    }
}
