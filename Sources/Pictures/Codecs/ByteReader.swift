/// A cursor over bytes that answers nil at the end, where an array would trap.
struct ByteReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// The next `count` bytes.
    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// The next integer, most significant byte first unless `littleEndian`.
    mutating func integer<Integer: FixedWidthInteger>(_: Integer.Type, littleEndian: Bool = false) -> Integer? {
        guard let bytes = bytes(Integer.bitWidth / 8) else { return nil }
        let value = bytes.reduce(Integer(0)) { $0 << 8 | Integer($1) }
        return littleEndian ? value.byteSwapped : value
    }

    /// Moves past the next byte of this value; false when there is none.
    mutating func skip(past value: UInt8) -> Bool {
        guard let index = rest.firstIndex(of: value) else { return false }
        rest = rest[(index + 1)...]
        return true
    }

    /// The bytes before the next zero, which is passed over.
    mutating func untilZero() -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: 0) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[..<end]
    }
}
