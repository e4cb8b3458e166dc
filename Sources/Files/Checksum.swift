import CZlib
import Foundation

/// Checksums that file formats carry.
public enum Checksum {
    /// The CRC-32 of ISO 3309, as zip archives and PNG files use it.
    public static func crc32(_ bytes: some ContiguousBytes) -> UInt32 {
        bytes.withUnsafeBytes { bytes in
            UInt32(truncatingIfNeeded: crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
        }
    }
}
