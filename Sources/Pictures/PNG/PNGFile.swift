/// The chunks of a PNG file that make its picture.
struct PNGFile {
    let header: PNGHeader
    private(set) var palette: ArraySlice<UInt8> = []
    private(set) var transparency: ArraySlice<UInt8> = []
    /// The IDAT chunks, whose bodies are one zlib stream together.
    private(set) var data: [PNGChunk] = []
    private(set) var orientation: Orientation = .upright
    private var profile: ArraySlice<UInt8> = []
    private var codePoints: ArraySlice<UInt8> = []

    /// The largest chunk that may say something about the picture, in bytes.
    private static let largestNote = 1 << 26

    /// - Throws: `PictureError` when chunks are broken, missing or unknown and critical, or the picture is too large.
    init(_ source: ByteSource, area: Int, name: String) throws(PictureError) {
        var chunks = PNGChunks(source, name: name)
        guard let first = try chunks.next(), first.type == "IHDR", first.body.count == 13, let body = try chunks.body(of: first),
            let header = PNGHeader(body)
        else {
            throw .damaged(name: name, reason: "its PNG header is missing or makes no sense")
        }
        try PictureLimits.check(width: header.width, height: header.height, area: area, name: name)
        self.header = header
        try collect(&chunks)
        guard !data.isEmpty else { throw .damaged(name: name, reason: "its PNG data is missing") }
        guard header.colorType != .palette || (!palette.isEmpty && palette.count % 3 == 0) else {
            throw .damaged(name: name, reason: "its PNG palette is missing or makes no sense")
        }
    }

    private mutating func collect(_ chunks: inout PNGChunks) throws(PictureError) {
        var (exif, rawProfile): (Orientation?, Orientation?)
        defer { orientation = exif ?? rawProfile ?? .upright }
        var dataHasEnded = false
        while let chunk = try next(&chunks) {
            if chunk.type == "IDAT" {
                if !dataHasEnded { data.append(chunk) }
                continue
            }
            dataHasEnded = !data.isEmpty
            if chunk.type == "IEND" {
                _ = try chunks.body(of: chunk)
                return
            }
            guard chunk.body.count <= Self.largestNote else {
                if chunk.isCritical { throw .damaged(name: chunks.name, reason: "one of its PNG chunks is too large") }
                continue
            }
            switch chunk.type {
            case "PLTE" where data.isEmpty: palette = try chunks.body(of: chunk) ?? []
            case "tRNS" where data.isEmpty: transparency = try chunks.body(of: chunk) ?? []
            case "iCCP" where data.isEmpty: profile = try chunks.body(of: chunk) ?? []
            case "cICP" where data.isEmpty: codePoints = try chunks.body(of: chunk) ?? []
            case "eXIf": if let body = try chunks.body(of: chunk), exif == nil { exif = exifOrientation(body) }
            case "tEXt", "zTXt", "iTXt":
                guard rawProfile == nil, let body = try chunks.body(of: chunk) else { break }
                rawProfile = rawExifProfile(inText: body, ofType: chunk.type).flatMap { exifOrientation($0[...]) }
            default:
                guard !chunk.isCritical || dataHasEnded else {
                    throw .damaged(name: chunks.name, reason: "it has a PNG chunk that should not be there")
                }
            }
        }
    }

    /// The next chunk. A file that ends within one after the picture's data still shows its picture.
    private func next(_ chunks: inout PNGChunks) throws(PictureError) -> PNGChunk? {
        do throws(PictureError) {
            return try chunks.next()
        } catch {
            if data.isEmpty { throw error }
            return nil
        }
    }

    /// What the samples mean: cICP goes before iCCP, as in browsers. Gamma alone (gAMA, cHRM) is passed over, as in Pillow.
    var colorProfile: ColorProfile? {
        if codePoints.count == 4,
            let profile = ColorProfile(primaries: codePoints[codePoints.startIndex], transfer: codePoints[codePoints.startIndex + 1])
        {
            return profile
        }
        var reader = ByteReader(profile)
        guard reader.untilZero() != nil, reader.integer(UInt8.self) == 0, let icc = inflated(reader.rest) else { return nil }
        return ColorProfile(icc: Array(icc))
    }
}
