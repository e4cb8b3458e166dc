/// Reads little-endian values from bytes one after another; past the end it throws where a pointer would trap.
struct ByteCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var position: Int

    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) throws {
        guard (0...bytes.count).contains(position) else { throw Defect("it points to byte \(position) of \(bytes.count)") }
        self.bytes = bytes
        self.position = position
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The next `count` bytes.
    mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytes.count - position else { throw Defect("it ends at byte \(bytes.count), in the middle of a value") }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws -> Integer {
        Integer(littleEndian: try take(MemoryLayout<Integer>.size).loadUnaligned(as: type))
    }

    /// The next integer as a size or position.
    /// - Throws: `Defect` when it is greater than any file's size.
    mutating func size<Integer: FixedWidthInteger & UnsignedInteger>(_ type: Integer.Type) throws -> Int {
        let value = try integer(type)
        guard let size = Int(exactly: value) else { throw Defect("it holds the impossible size \(value)") }
        return size
    }

    /// The next `count` bytes as UTF-8.
    mutating func text(_ count: Int) throws -> String {
        guard let text = String(validating: try take(count), as: UTF8.self) else { throw Defect("it holds a name that is not UTF-8") }
        return text
    }

    /// The text before the next newline, which is passed over.
    mutating func line() throws -> String {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { throw Defect("it ends in the middle of a name") }
        let line = try text(end - position)
        position = end + 1
        return line
    }
}
