/// The orientation that EXIF data holds, or nil when it is not EXIF or holds none that makes sense.
///
/// EXIF is a small TIFF file: a byte order, the offset of a directory, and in it entries of 12 bytes. JPEG files begin it with
/// `Exif\0\0`; WebP and PNG files should not, and some do.
func exifOrientation(_ bytes: ArraySlice<UInt8>) -> Orientation? {
    let tiff = bytes.starts(with: "Exif\0\0".utf8) ? bytes.dropFirst(6) : bytes
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
    let count = reader.integer(UInt16.self, littleEndian: littleEndian) ?? 0
    for _ in 0..<count {
        guard let bytes = reader.bytes(12) else { return nil }
        var entry = ByteReader(bytes)
        guard let tag = entry.integer(UInt16.self, littleEndian: littleEndian), tag == orientationTag else { continue }
        let type = entry.integer(UInt16.self, littleEndian: littleEndian)
        guard entry.bytes(4) != nil else { return nil }
        let value: UInt32? =
            switch type {
            case 3: entry.integer(UInt16.self, littleEndian: littleEndian).map(UInt32.init)  // SHORT, as the standard has it
            case 4: entry.integer(UInt32.self, littleEndian: littleEndian)  // LONG, as some programs write it
            default: nil
            }
        return value.flatMap(UInt16.init(exactly:)).flatMap(Orientation.init)
    }
    return nil
}
