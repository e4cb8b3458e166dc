/// The chunks of a PNG file that make its picture.
struct PNGFile {
    let header: PNGHeader
    private(set) var palette: ArraySlice<UInt8> = []
    private(set) var transparency: ArraySlice<UInt8> = []
    /// The IDAT chunks' bodies, joined: one zlib stream.
    private(set) var data: [UInt8] = []

    /// - Throws: `PictureError` when chunks are broken, missing or unknown and critical, or the picture is too large.
    init(_ bytes: [UInt8], name: String) throws(PictureError) {
        var chunks = PNGChunks(bytes, name: name)
        guard let first = try chunks.next(), first.type == "IHDR", let header = PNGHeader(first.body) else {
            throw .damaged(name: name, reason: "its PNG header is missing or makes no sense")
        }
        try PictureLimits.check(width: header.width, height: header.height, name: name)
        self.header = header
        try collect(&chunks, name: name)

        guard header.colorType != .palette || (!palette.isEmpty && palette.count % 3 == 0) else {
            throw .damaged(name: name, reason: "its PNG palette is missing or makes no sense")
        }
    }

    private mutating func collect(_ chunks: inout PNGChunks, name: String) throws(PictureError) {
        var hasData = false
        while let chunk = try chunks.next() {
            // Nothing that follows the data changes the picture.
            if hasData && chunk.type != "IDAT" { return }
            switch chunk.type {
            case "PLTE": palette = chunk.body
            case "tRNS": transparency = chunk.body
            case "IDAT":
                hasData = true
                data += chunk.body
            default:
                guard !chunk.isCritical else {
                    throw .damaged(name: name, reason: "it has a PNG chunk \"\(chunk.type)\" that should not be there")
                }
            }
        }
        guard hasData else { throw .damaged(name: name, reason: "its PNG data is missing") }
    }
}
