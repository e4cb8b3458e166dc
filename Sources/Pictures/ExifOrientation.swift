/// The orientation that an APP1 segment holds, or nil when it is not EXIF or holds none that makes sense.
///
/// EXIF is a small TIFF file: a byte order, the offset of a directory, and in it entries of 12 bytes.
func exifOrientation(_ segment: ArraySlice<UInt8>) -> Orientation? {
    var header = ByteReader(segment)
    guard header.bytes(6)?.elementsEqual("Exif\0\0".utf8) == true else { return nil }
    let tiff = header.rest

    var reader = ByteReader(tiff)
    let littleEndian: Bool
    switch reader.bytes(2) {
    case [0x49, 0x49]: littleEndian = true
    case [0x4D, 0x4D]: littleEndian = false
    default: return nil
    }
    guard reader.integer(UInt16.self, littleEndian: littleEndian) == 42,
        let offset = reader.integer(UInt32.self, littleEndian: littleEndian), offset <= tiff.count
    else { return nil }

    reader = ByteReader(tiff.dropFirst(Int(offset)))
    let orientationTag: UInt16 = 0x0112
    let short: UInt16 = 3
    let count = reader.integer(UInt16.self, littleEndian: littleEndian) ?? 0
    for _ in 0..<count {
        guard let bytes = reader.bytes(12) else { return nil }
        var entry = ByteReader(bytes)
        guard let tag = entry.integer(UInt16.self, littleEndian: littleEndian), tag == orientationTag else { continue }
        guard entry.integer(UInt16.self, littleEndian: littleEndian) == short, entry.bytes(4) != nil else { return nil }
        return entry.integer(UInt16.self, littleEndian: littleEndian).flatMap(Orientation.init)
    }
    return nil
}
