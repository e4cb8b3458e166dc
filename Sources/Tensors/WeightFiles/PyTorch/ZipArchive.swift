import Files

/// The directory of a zip archive whose entries are stored without compression, as `torch.save` writes them.
///
/// Follows PKWARE's APPNOTE 6.3, zip64 included; sections in comments are its.
struct ZipArchive {
    private(set) var entries: [String: Entry] = [:]

    struct Entry {
        /// Where the content lies in the archive.
        let content: Range<Int>
        /// The CRC-32 that the directory gives for it.
        let checksum: UInt32
    }

    private let bytes: UnsafeRawBufferPointer

    /// Reads the directory at the end of `bytes`, a whole archive.
    /// - Throws: `Defect` when there is none, or when an entry is compressed, encrypted, named twice or not where it should be.
    init(_ bytes: UnsafeRawBufferPointer) throws {
        self.bytes = bytes
        let directory = try ZipDirectoryEnd(bytes).directory
        var cursor = try ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[..<directory.upperBound]), at: directory.lowerBound)
        while !cursor.isAtEnd {
            let record = try ZipDirectoryRecord(&cursor)
            let entry = Entry(content: try content(of: record, before: directory.lowerBound), checksum: record.checksum)
            guard entries.updateValue(entry, forKey: record.name) == nil else {
                throw Defect("its entry \(record.name.quoted) is there twice")
            }
        }
    }

    /// Where the content of an entry lies: behind its local header (section 4.3.7).
    private func content(of record: ZipDirectoryRecord, before directory: Int) throws -> Range<Int> {
        var cursor = try ByteCursor(bytes, at: record.headerStart)
        guard try cursor.integer(UInt32.self) == 0x0403_4B50 else { throw Defect("its entry \(record.name.quoted) has no header") }
        _ = try cursor.take(22)
        let nameLength = try cursor.size(UInt16.self)
        let extraLength = try cursor.size(UInt16.self)
        guard try cursor.text(nameLength) == record.name else { throw Defect("its entry \(record.name.quoted) has two names") }
        _ = try cursor.take(extraLength)
        let start = cursor.position
        _ = try cursor.take(record.size)
        // A wrong length in the header, which would move the content, does not end where the record that must follow begins.
        guard cursor.position <= directory, record.successors.contains(try cursor.integer(UInt32.self)) else {
            throw Defect("its entry \(record.name.quoted) does not end where it should")
        }
        return start..<start + record.size
    }
}

/// An entry as the directory describes it (section 4.3.12).
private struct ZipDirectoryRecord {
    let name: String
    let size: Int
    let checksum: UInt32
    let headerStart: Int
    /// How the record behind the content can begin: as a descriptor where one is announced, else as the next header or directory record.
    let successors: [UInt32]

    init(_ cursor: inout ByteCursor) throws {
        guard try cursor.integer(UInt32.self) == 0x0201_4B50 else { throw Defect("its zip directory is broken") }
        _ = try cursor.take(4)
        let flags = try cursor.integer(UInt16.self)
        successors = flags & 8 != 0 ? [0x0807_4B50] : [0x0403_4B50, 0x0201_4B50]
        let method = try cursor.integer(UInt16.self)
        _ = try cursor.take(4)
        checksum = try cursor.integer(UInt32.self)
        let sizes = [try cursor.size(UInt32.self), try cursor.size(UInt32.self)]
        let nameLength = try cursor.size(UInt16.self)
        let extraLength = try cursor.size(UInt16.self)
        let commentLength = try cursor.size(UInt16.self)
        _ = try cursor.take(8)
        let start = try cursor.size(UInt32.self)
        name = try cursor.text(nameLength)
        var extra = try ZipWideFields(try cursor.take(extraLength))
        _ = try cursor.take(commentLength)

        size = try extra.wide(sizes[1])
        let storedSize = try extra.wide(sizes[0])
        headerStart = try extra.wide(start)
        guard flags & 1 == 0, method == 0, storedSize == size else {
            throw Defect("its entry \(name.quoted) is compressed or encrypted, which torch.save never does")
        }
    }
}

/// The 64-bit values that stand in for 32-bit fields that are too narrow (section 4.5.3).
private struct ZipWideFields {
    private var fields: ByteCursor?

    init(_ extra: UnsafeRawBufferPointer) throws {
        var cursor = try ByteCursor(extra)
        while !cursor.isAtEnd {
            let kind = try cursor.integer(UInt16.self)
            let content = try cursor.take(try cursor.size(UInt16.self))
            if kind == 1 { fields = try ByteCursor(content) }
        }
    }

    /// The value of the next field, given what its narrow form holds.
    mutating func wide(_ narrow: Int) throws -> Int {
        guard narrow == UInt32.max else { return narrow }
        guard let size = try fields?.size(UInt64.self) else { throw Defect("its zip directory lacks a 64-bit size") }
        return size
    }
}

/// The record at the end of an archive that says where its directory is (sections 4.3.14 to 4.3.16).
private struct ZipDirectoryEnd {
    let directory: Range<Int>

    private static let length = 22
    private static let locatorLength = 20

    init(_ bytes: UnsafeRawBufferPointer) throws {
        guard let end = Self.find(bytes) else {
            throw Defect("it does not end in a zip directory, as files of torch.save do since PyTorch 1.6, and is no pickle either")
        }
        var cursor = try ByteCursor(bytes, at: end + 12)
        var size = try cursor.size(UInt32.self)
        var start = try cursor.size(UInt32.self)
        if size == UInt32.max || start == UInt32.max {
            cursor = try Self.wideRecord(bytes, end: end)
            size = try cursor.size(UInt64.self)
            start = try cursor.size(UInt64.self)
        }
        guard start <= end, size <= end - start else { throw Defect("its zip directory lies outside the file") }
        directory = start..<start + size
    }

    /// Where the record starts: at the last place from which its comment reaches exactly to the end.
    private static func find(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= length else { return nil }
        let last = bytes.count - length
        return (max(0, last - Int(UInt16.max))...last).reversed().first { start in
            guard bytes[start] == UInt8(ascii: "P"), var cursor = try? ByteCursor(bytes, at: start) else { return false }
            guard (try? cursor.integer(UInt32.self)) == 0x0605_4B50, (try? cursor.take(16)) != nil else { return false }
            return (try? cursor.size(UInt16.self)) == last - start
        }
    }

    /// A cursor at the size and start of the directory in the 64-bit record.
    private static func wideRecord(_ bytes: UnsafeRawBufferPointer, end: Int) throws -> ByteCursor {
        var locator = try ByteCursor(bytes, at: end - locatorLength)
        guard try locator.integer(UInt32.self) == 0x0706_4B50 else { throw Defect("its zip directory lacks a 64-bit size") }
        _ = try locator.take(4)
        var record = try ByteCursor(bytes, at: try locator.size(UInt64.self))
        guard try record.integer(UInt32.self) == 0x0606_4B50 else { throw Defect("its zip directory lacks a 64-bit size") }
        _ = try record.take(36)
        return record
    }
}
