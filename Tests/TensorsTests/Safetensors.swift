@testable import Tensors

/// Safetensors files put together by hand.
enum Safetensors {
    static func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
        file(headerLength: UInt64(header.utf8.count), Array(header.utf8), data)
    }

    static func file(headerLength: UInt64, _ header: [UInt8], _ data: [UInt8] = []) -> [UInt8] {
        withUnsafeBytes(of: headerLength.littleEndian, Array.init) + header + data
    }
}
