/// What a JPEG file says of itself in its segments.
struct JPEGHeader {
    let width: Int
    let height: Int
    /// Colour components: 1 grey, 3 colour, 4 for print.
    let components: Int
    let orientation: Orientation

    /// Reads the segments of a whole file, up to the marker that ends the picture.
    /// - Throws: `PictureError.damaged` when one is missing or cut short.
    init(_ bytes: [UInt8], name: String) throws(PictureError) {
        var segments = JPEGSegments(bytes)
        var frame: (width: Int, height: Int, components: Int)?
        var orientation: Orientation?
        // A file without its end marker was cut short: the decoder would paint the missing part grey and call it a warning.
        while true {
            guard let segment = segments.next() else { throw .damaged(name: name, reason: "its JPEG data ends too early") }
            if segment.marker == JPEGSegments.endOfImage { break }
            if segment.startsFrame, frame == nil { frame = Self.frame(segment.body) }
            if segment.marker == JPEGSegments.exif, orientation == nil { orientation = exifOrientation(segment.body) }
        }
        guard let frame else { throw .damaged(name: name, reason: "it has no JPEG frame header") }
        (width, height, components) = frame
        self.orientation = orientation ?? .upright
    }

    private static func frame(_ body: ArraySlice<UInt8>) -> (width: Int, height: Int, components: Int)? {
        var reader = ByteReader(body)
        guard reader.integer(UInt8.self) != nil, let height = reader.integer(UInt16.self), let width = reader.integer(UInt16.self),
            let components = reader.integer(UInt8.self)
        else { return nil }
        return (Int(width), Int(height), Int(components))
    }
}

/// A marker of a JPEG file and the bytes that belong to it.
struct JPEGSegment {
    let marker: UInt8
    let body: ArraySlice<UInt8>

    /// SOF0 to SOF15; three codes in between mean something else (DHT, JPG, DAC).
    var startsFrame: Bool { (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker) }
}

/// The segments of a JPEG file, passing over the compressed data between them.
struct JPEGSegments {
    static let endOfImage: UInt8 = 0xD9
    static let exif: UInt8 = 0xE1

    private var reader: ByteReader

    init(_ bytes: [UInt8]) {
        reader = ByteReader(bytes.dropFirst(2))
    }

    /// The next segment, or nil where the file ends inside or before it.
    mutating func next() -> JPEGSegment? {
        guard let marker = nextMarker() else { return nil }
        if marker == Self.endOfImage { return JPEGSegment(marker: marker, body: []) }
        guard let length = reader.integer(UInt16.self), let body = reader.bytes(Int(length) - 2) else { return nil }
        return JPEGSegment(marker: marker, body: body)
    }

    private mutating func nextMarker() -> UInt8? {
        while reader.skip(past: 0xFF) {
            guard var code = reader.integer(UInt8.self) else { return nil }
            while code == 0xFF {
                guard let next = reader.integer(UInt8.self) else { return nil }
                code = next
            }
            // 0 is a stuffed byte of compressed data; TEM, RST0 to RST7 and SOI stand alone.
            let carriesNothing = code <= 0x01 || (0xD0...0xD8).contains(code)
            if !carriesNothing { return code }
        }
        return nil
    }
}
