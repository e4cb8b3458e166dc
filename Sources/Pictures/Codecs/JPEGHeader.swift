/// What a JPEG file says of itself in the segments before its picture.
struct JPEGHeader {
    let width: Int
    let height: Int
    /// Colour components: 1 grey, 3 colour, 4 for print.
    let components: Int
    /// The picture comes in more than one scan, so that the decoder must hold all of it at once.
    let hasSeveralScans: Bool
    let orientation: Orientation
    /// The ICC profile, put together from its segments; empty when there is none or a part is missing.
    let profile: [UInt8]

    /// Reads the segments of a file up to its first scan.
    /// - Throws: `PictureError` when they are cut short, have no picture, or one that the decoder does not know.
    init(_ bytes: ArraySlice<UInt8>, name: String) throws(PictureError) {
        var segments = JPEGSegments(bytes)
        var frame: JPEGFrame?
        var orientation: Orientation?
        var profile = JPEGProfile()
        var scan: JPEGSegment?
        while scan == nil {
            guard let segment = segments.next(), segment.marker != JPEGSegments.endOfImage else {
                throw .damaged(name: name, reason: "its JPEG data ends too early")
            }
            if segment.startsFrame, frame == nil { frame = JPEGFrame(segment) }
            if segment.marker == JPEGSegments.exif, orientation == nil { orientation = exifOrientation(segment.body) }
            if segment.marker == JPEGSegments.profile { profile.add(segment.body) }
            if segment.marker == JPEGSegments.scan { scan = segment }
        }
        guard let frame, let scan else { throw .damaged(name: name, reason: "it has no JPEG frame header") }
        guard segments.hasMore else { throw .damaged(name: name, reason: "its JPEG data ends too early") }
        guard frame.precision == 8, !frame.isLossless else {
            throw .unsupported(
                name: name,
                reason: "this JPEG is of a rare kind (lossless, or \(frame.precision) bits a sample); save it as an ordinary one")
        }
        (width, height, components) = (frame.width, frame.height, frame.components)
        hasSeveralScans = frame.isProgressive || scan.body.first.map(Int.init) != frame.components
        self.orientation = orientation ?? .upright
        self.profile = profile.bytes
    }
}

/// The start-of-frame segment of a JPEG file.
private struct JPEGFrame {
    let precision, width, height, components: Int
    let isProgressive, isLossless: Bool

    init?(_ segment: JPEGSegment) {
        var reader = ByteReader(segment.body)
        guard let precision = reader.integer(UInt8.self), let height = reader.integer(UInt16.self),
            let width = reader.integer(UInt16.self), let components = reader.integer(UInt8.self)
        else { return nil }
        (self.precision, self.width, self.height, self.components) = (Int(precision), Int(width), Int(height), Int(components))
        isProgressive = [0xC2, 0xCA].contains(segment.marker)
        isLossless = [0xC3, 0xC7, 0xCB, 0xCF].contains(segment.marker)
    }
}

/// An ICC profile in the APP2 segments of a JPEG file: each says which part it is, and of how many, because a segment holds no
/// more than 64 KiB.
private struct JPEGProfile {
    private var parts: [UInt8: ArraySlice<UInt8>] = [:]
    private var count: UInt8 = 0

    mutating func add(_ body: ArraySlice<UInt8>) {
        var reader = ByteReader(body)
        guard reader.bytes(12)?.elementsEqual("ICC_PROFILE\0".utf8) == true, let part = reader.integer(UInt8.self),
            let count = reader.integer(UInt8.self), part >= 1, part <= count
        else { return }
        parts[part] = reader.rest
        self.count = count
    }

    var bytes: [UInt8] {
        guard count > 0, parts.count == Int(count) else { return [] }
        return (1...count).flatMap { parts[$0] ?? [] }
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
    static let scan: UInt8 = 0xDA
    static let exif: UInt8 = 0xE1
    static let profile: UInt8 = 0xE2

    private var reader: ByteReader

    init(_ bytes: ArraySlice<UInt8>) {
        reader = ByteReader(bytes.dropFirst(2))
    }

    /// Whether anything follows the segment read last.
    var hasMore: Bool { !reader.rest.isEmpty }

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
