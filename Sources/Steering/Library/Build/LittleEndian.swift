import Foundation

/// Lists of numbers as they lie in a library, whatever the machine.
extension [UInt32] {
    /// Nil when the bytes are no whole count of numbers.
    init?(littleEndian data: Data) {
        guard data.count.isMultiple(of: 4) else { return nil }
        self = data.withUnsafeBytes { bytes in
            (0..<data.count / 4).map { UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)) }
        }
    }

    var littleEndianData: Data { map(\.littleEndian).withUnsafeBytes { Data($0) } }
}

extension [Float] {
    /// Nil when the bytes are no whole count of numbers.
    init?(littleEndian data: Data) {
        guard let patterns = [UInt32](littleEndian: data) else { return nil }
        self = patterns.map(Float.init(bitPattern:))
    }

    var littleEndianData: Data { map(\.bitPattern).littleEndianData }
}
