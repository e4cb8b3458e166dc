import CZlib

/// The compressed data of a PNG picture, read piece by piece, its checksums verified.
final class PNGData {
    private let source: ByteSource
    private let chunks: [PNGChunk]
    private let name: String
    private var index = 0
    private var offset = 0
    private var checksum: UInt = 0

    private static let pieceSize = 1 << 16

    init(_ file: PNGFile, in source: ByteSource, name: String) {
        self.source = source
        self.name = name
        chunks = file.data
    }

    /// The next piece, or nil at the end.
    /// - Throws: `PictureError.damaged` when a checksum is wrong or the file ends.
    func next() throws(PictureError) -> [UInt8]? {
        while index < chunks.count {
            let body = chunks[index].body
            // The checksum begins with the chunk's type.
            let start = offset == 0 ? body.lowerBound - 4 : body.lowerBound + offset
            let end = min(body.upperBound, body.lowerBound + offset + Self.pieceSize)
            guard let bytes = source.bytes(at: start, count: end - start) else {
                throw .damaged(name: name, reason: "its PNG data ends too early")
            }
            checksum = crc32_z(offset == 0 ? 0 : checksum, bytes, bytes.count)
            let piece = offset == 0 ? Array(bytes.dropFirst(4)) : bytes
            offset += piece.count
            if end == body.upperBound { try finishChunk(end: end) }
            if !piece.isEmpty { return piece }
        }
        return nil
    }

    private func finishChunk(end: Int) throws(PictureError) {
        var stored = ByteReader((source.bytes(at: end, count: 4) ?? [])[...])
        guard stored.integer(UInt32.self) == UInt32(truncatingIfNeeded: checksum) else {
            throw .damaged(name: name, reason: "the checksum of a PNG chunk is wrong")
        }
        index += 1
        offset = 0
    }
}
