import Files

/// A named block of a PNG file.
struct PNGChunk {
    let type: String
    let body: ArraySlice<UInt8>

    /// Whether a reader that does not know this chunk must give up: its type begins with a capital.
    var isCritical: Bool { type.first?.isUppercase == true }
}

/// The chunks of a PNG file, their checksums verified.
struct PNGChunks {
    private var reader: ByteReader
    private let name: String

    init(_ bytes: [UInt8], name: String) {
        reader = ByteReader(bytes.dropFirst(pngSignature.count))
        self.name = name
    }

    /// The next chunk, or nil at the end of the file.
    /// - Throws: `PictureError.damaged` when the file ends within a chunk or a checksum is wrong.
    mutating func next() throws(PictureError) -> PNGChunk? {
        if reader.rest.isEmpty { return nil }
        guard let length = reader.integer(Int32.self), length >= 0 else { throw truncated }
        let checked = reader.rest
        guard let type = reader.bytes(4), let body = reader.bytes(Int(length)), let checksum = reader.integer(UInt32.self) else {
            throw truncated
        }
        guard checksum == Checksum.crc32(checked.prefix(4 + body.count)) else {
            throw .damaged(name: name, reason: "the checksum of a PNG chunk is wrong")
        }
        return PNGChunk(type: String(decoding: type, as: UTF8.self), body: body)
    }

    private var truncated: PictureError { .damaged(name: name, reason: "its PNG data ends too early") }
}
