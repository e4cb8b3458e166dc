import Testing

@testable import Pictures

@Suite("EXIF orientation") struct ExifOrientationTests {
    static let littleEndian: [UInt8] =
        Array("Exif\0\0II".utf8) + [42, 0, 8, 0, 0, 0] + [1, 0] + [0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]
    static let bigEndian: [UInt8] =
        Array("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8] + [0, 1] + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]

    @Test("Both byte orders are read", arguments: [littleEndian, bigEndian])
    func byteOrders(_ segment: [UInt8]) {
        #expect(exifOrientation(segment[...]) == .rotated90)
    }

    @Test("An orientation typed LONG is read, in both byte orders, with the prefix of JPEG files and without") func long() {
        let littleEndian = Self.littleEndian.prefix(18) + [4, 0, 1, 0, 0, 0, 6, 0, 0, 0]
        let bigEndian = Self.bigEndian.prefix(18) + [0, 4, 0, 0, 0, 1, 0, 0, 0, 6]
        for bytes in [littleEndian, bigEndian] {
            #expect(exifOrientation(bytes) == .rotated90)
            #expect(exifOrientation(bytes.dropFirst(6)) == .rotated90)
        }
    }

    @Test("A segment cut before its end holds no orientation", arguments: [littleEndian, bigEndian])
    func truncated(_ segment: [UInt8]) {
        for count in segment.indices { #expect(exifOrientation(segment.prefix(count)) == nil) }
    }

    @Test("Offsets, types and values that make no sense are passed over")
    func nonsense() {
        let changes: [(index: Int, value: UInt8)] = [(13, 0xFF), (10, 0xFF), (6, 0), (8, 41), (18, 2), (24, 0), (24, 9), (25, 1)]
        for change in changes {
            var segment = Self.littleEndian
            segment[change.index] = change.value
            #expect(exifOrientation(segment[...]) == nil)
        }
    }
}
