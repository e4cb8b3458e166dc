import Files

/// Zip archives put together by hand.
enum StoredZip {
    /// An archive of entries that are stored without compression; `wide` ones have their sizes in 64-bit fields.
    static func archive(_ entries: [(name: String, content: [UInt8])], wide: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let start = bytes.count
            let size = UInt32(entry.content.count)
            let common = little(UInt16(0)) + little(UInt16(0)) + little(UInt32(0)) + little(Checksum.crc32(entry.content))
            let lengths = little(UInt16(entry.name.utf8.count))
            bytes += little(UInt32(0x0403_4B50)) + little(UInt16(20)) + common + little(size) + little(size) + lengths + little(UInt16(0))
            bytes += Array(entry.name.utf8) + entry.content

            let narrow: UInt32? = wide ? .max : nil
            let extra = wide ? little(UInt16(1)) + little(UInt16(24)) + [size, size, UInt32(start)].flatMap { little(UInt64($0)) } : []
            directory += little(UInt32(0x0201_4B50)) + little(UInt32(20)) + common + little(narrow ?? size) + little(narrow ?? size)
            directory += lengths + little(UInt16(extra.count)) + [UInt8](repeating: 0, count: 10) + little(narrow ?? UInt32(start))
            directory += Array(entry.name.utf8) + extra
        }
        return bytes + directory + end(UInt64(entries.count), start: UInt64(bytes.count), size: UInt64(directory.count), wide: wide)
    }

    private static func end(_ count: UInt64, start: UInt64, size: UInt64, wide: Bool) -> [UInt8] {
        let record = little(UInt32(0x0606_4B50)) + little(UInt64(44)) + [UInt8](repeating: 0, count: 12) + little(count) + little(count)
        let locator = little(UInt32(0x0706_4B50)) + little(UInt32(0)) + little(start + size) + little(UInt32(1))
        let place = wide ? little(UInt32.max) + little(UInt32.max) : little(UInt32(size)) + little(UInt32(start))
        let counts = little(UInt32(0)) + little(UInt16(count)) + little(UInt16(count))
        return (wide ? record + little(size) + little(start) + locator : []) + little(UInt32(0x0605_4B50)) + counts + place
            + little(UInt16(0))
    }

    private static func little<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian, Array.init)
    }
}
