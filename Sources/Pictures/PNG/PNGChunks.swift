import Files

/// Where a named block of a PNG file lies.
struct PNGChunk {
    let type: String
    /// The bytes of its body in the file.
    let body: Range<Int>

    /// Whether a reader that does not know this chunk must give up: its type begins with a capital.
    var isCritical: Bool { type.first?.isUppercase == true }
}

/// The chunks of a PNG file.
struct PNGChunks {
    let source: ByteSource
    let name: String
    private var offset = pngSignature.count

    init(_ source: ByteSource, name: String) {
        self.source = source
        self.name = name
    }

    /// The next chunk, or nil at the end of the file.
    /// - Throws: `PictureError.damaged` when the file ends within it.
    mutating func next() throws(PictureError) -> PNGChunk? {
        if offset >= source.count { return nil }
        guard let head = source.bytes(at: offset, count: 8) else { throw truncated }
        var reader = ByteReader(head[...])
        guard let length = reader.integer(Int32.self), length >= 0, offset + 12 + Int(length) <= source.count else { throw truncated }
        let start = offset + 8
        offset = start + Int(length) + 4
        return PNGChunk(type: String(decoding: reader.rest, as: UTF8.self), body: start..<start + Int(length))
    }

    /// A chunk's body, or nil when its checksum is wrong and a reader may do without.
    /// - Throws: `PictureError.damaged` when the checksum of a critical chunk is wrong.
    func body(of chunk: PNGChunk) throws(PictureError) -> ArraySlice<UInt8>? {
        guard let bytes = source.bytes(at: chunk.body.lowerBound - 4, count: chunk.body.count + 8) else { throw truncated }
        var reader = ByteReader(bytes.suffix(4))
        if reader.integer(UInt32.self) == Checksum.crc32(bytes.dropLast(4)) { return bytes.dropFirst(4).dropLast(4) }
        if chunk.isCritical { throw .damaged(name: name, reason: "the checksum of a PNG chunk is wrong") }
        return nil
    }

    private var truncated: PictureError { .damaged(name: name, reason: "its PNG data ends too early") }
}
