import Files

/// The header of a safetensors file, checked against the whole file: what it says can be believed.
struct SafetensorsHeader {
    let names: [String]
    let entries: [String: TensorEntry]
    let metadata: [String: String]

    /// The largest header that the format allows, in bytes.
    private static let highestLength = 100_000_000
    static let metadataName = "__metadata__"

    /// Reads the header at the start of `file`, the bytes of a whole file.
    ///
    /// A file is `length: UInt64`, `length` bytes of JSON, and the tensors one after another.
    /// - Throws: `Defect` unless the tensors fill the rest of the file exactly, each with as many bytes as its type and shape ask for.
    init(_ file: UnsafeRawBufferPointer) throws {
        let text = try Self.text(file)
        guard let members = try JSONValue(text).object else { throw Defect("its header is not a JSON object") }
        let start = MemoryLayout<UInt64>.size + text.count
        let tensors = members.filter { $0.key != Self.metadataName }.sorted { $0.key < $1.key }
        guard tensors.count <= TensorEntry.highestCount else {
            throw Defect("it says that it holds \(tensors.count) tensors where \(TensorEntry.highestCount) are allowed")
        }
        let found = try tensors.map { try DeclaredTensor($0.key, $0.value) }.sorted { $0.span < $1.span }
        try Self.requireContiguous(found, dataCount: file.count - start)
        for tensor in found { try tensor.requireSize() }

        metadata = try Self.metadata(members)
        names = found.map(\.name)
        entries = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.entry(dataStart: start)) })
    }

    private static func text(_ file: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer {
        guard file.count >= MemoryLayout<UInt64>.size else { throw Defect("it has \(file.count) bytes, too few for a safetensors file") }
        var cursor = try ByteCursor(file)
        let length = try cursor.integer(UInt64.self)
        guard length <= highestLength else {
            throw Defect("it says that its header has \(length) bytes where \(highestLength) are allowed")
        }
        guard length <= file.count - cursor.position else {
            throw Defect("it says that its header has \(length) bytes where the file has \(file.count)")
        }
        let text = try cursor.take(Int(length))
        guard text.first == UInt8(ascii: "{") else { throw Defect("its header is not a JSON object") }
        return text
    }

    private static func requireContiguous(_ tensors: [DeclaredTensor], dataCount: Int) throws {
        var end = 0
        for tensor in tensors {
            guard tensor.span.start == end else {
                throw Defect("the data of \(tensor.name.quoted) starts at \(tensor.span.start) where the tensor before it ends at \(end)")
            }
            end = tensor.span.end
        }
        guard end == dataCount else { throw Defect("its tensors take \(end) bytes where the file has \(dataCount) for them") }
    }

    private static func metadata(_ members: [String: JSONValue]) throws -> [String: String] {
        guard let value = members[metadataName] else { return [:] }
        guard let items = value.object else { throw Defect("its metadata is not a JSON object") }
        return try items.sorted { $0.key < $1.key }.reduce(into: [:]) { metadata, item in
            guard let text = item.value.text else { throw Defect("its metadata \(item.key.quoted) is not a string") }
            metadata[item.key] = text
        }
    }
}

/// One tensor as the header declares it.
private struct DeclaredTensor {
    let name: String
    let dataType: DataType
    let shape: [Int]
    let span: Span

    /// Bytes counted from the end of the header.
    struct Span: Comparable {
        let start, end: Int

        static func < (a: Span, b: Span) -> Bool { (a.start, a.end) < (b.start, b.end) }
    }

    init(_ name: String, _ value: JSONValue) throws {
        guard let members = value.object, Set(members.keys) == ["dtype", "shape", "data_offsets"] else {
            throw Defect("\(name.quoted) is not described by exactly dtype, shape and data_offsets")
        }
        guard let typeName = value["dtype"]?.text, let type = DataType(safetensorsName: typeName) else {
            throw Defect("\(name.quoted) has the type \(value["dtype"]?.text?.quoted ?? "of no name"), which Fader does not read")
        }
        guard let shape = Self.sizes(value["shape"]) else { throw Defect("the shape of \(name.quoted) is not a list of sizes") }
        guard shape.count <= TensorEntry.highestRank else {
            throw Defect("\(name.quoted) has \(shape.count) dimensions where \(TensorEntry.highestRank) are allowed")
        }
        guard let offsets = Self.sizes(value["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1] else {
            throw Defect("the data offsets of \(name.quoted) are not a start and an end")
        }
        self.name = name
        self.dataType = type
        self.shape = shape
        span = Span(start: offsets[0], end: offsets[1])
    }

    private static func sizes(_ value: JSONValue?) -> [Int]? {
        guard let values = value?.list else { return nil }
        let sizes = values.compactMap(\.integer).filter { $0 >= 0 }
        return sizes.count == values.count ? sizes : nil
    }

    func requireSize() throws {
        guard let expected = (shape + [dataType.byteCount]).checkedProduct else {
            throw Defect("the shape of \(name.quoted) is impossibly large")
        }
        let found = span.end - span.start
        guard found == expected else {
            throw Defect("\(name.quoted) has \(found) bytes where \(dataType.safetensorsName) \(shape) takes \(expected)")
        }
    }

    func entry(dataStart: Int) -> TensorEntry {
        TensorEntry(dataType: dataType, shape: shape, byteRange: dataStart + span.start..<dataStart + span.end)
    }
}
