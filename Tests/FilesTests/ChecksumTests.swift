import Files
import Testing

@Suite("Checksums") struct ChecksumTests {
    /// The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms (reveng.sourceforge.io).
    @Test("The CRC-32 equals the published check value") func checkValue() {
        #expect(Checksum.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    }

    @Test("The CRC-32 of nothing is zero") func empty() {
        #expect(Checksum.crc32([UInt8]()) == 0)
    }

    @Test("The CRC-32 of a part leaves out the rest") func part() {
        #expect(Checksum.crc32(Array("x123456789y".utf8)[1...9]) == 0xCBF4_3926)
    }
}
