import Files

/// What `torch.save` wrote before PyTorch 1.6, and writes still where it is told to: five pickles one after another (a magic number, a version,
/// the machine's byte order, what was saved, and the names of its storages), then the storages.
struct LegacyArchive {
    /// What was saved.
    let pickle: PickleMachine
    private var content: [String: Range<Int>] = [:]

    /// How the first pickle ends: with the magic number 0x1950A86A20F9469CFC6C.
    private static let signature: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    /// How many bytes may stand before it: a protocol and a frame.
    private static let longestPrefix = 11
    private static let version = 1001

    /// Where the first pickle ends; nil when the bytes from `start` on are no such file.
    static func endOfSignature(_ bytes: UnsafeRawBufferPointer, at start: Int = 0) -> Int? {
        guard start < bytes.count, bytes[start] == PickleOpcode.proto.rawValue else { return nil }
        return [2, longestPrefix].map { start + $0 }.first { place in
            place + signature.count <= bytes.count && bytes[place..<place + signature.count].elementsEqual(signature)
        }.map { $0 + signature.count }
    }

    /// - Parameter start: where it begins; it reaches to the end of `bytes`.
    /// - Throws: `Defect` unless the pickles are there and the storages fill the rest.
    init(_ bytes: UnsafeRawBufferPointer, at start: Int = 0) throws {
        guard let end = Self.endOfSignature(bytes, at: start) else { throw Defect("it does not begin as files of torch.save do") }
        var cursor = try ByteCursor(bytes, at: end)
        guard case .integer(Self.version) = try PickleMachine(&cursor).value else { throw Defect("it is of an unknown version") }
        try Self.checkByteOrder(PickleMachine(&cursor))
        pickle = try PickleMachine(&cursor)
        let names = try PickleMachine(&cursor)
        guard case .list(let number) = names.value else { throw Defect("it does not name its storages") }
        for name in names.lists[number] {
            guard case .text(let key) = name, let storage = pickle.storages[key] else {
                throw Defect("it names a storage that it does not use")
            }
            guard content.updateValue(try Self.content(of: storage, key, &cursor), forKey: key) == nil else {
                throw Defect("its storage \(key.quoted) is there twice")
            }
        }
        guard cursor.isAtEnd else { throw Defect("it goes on behind its last storage") }
    }

    /// The storage with its place in the file.
    func placed(_ storage: StridedTensor.Storage) throws -> StridedTensor.Storage {
        guard case .entry(let key) = storage.place else { return storage }
        guard let range = content[key] else { throw Defect("it lacks its storage \(key.quoted)") }
        return .init(place: .bytes(range), dataType: storage.dataType, count: storage.count)
    }

    private static func checkByteOrder(_ system: PickleMachine) throws {
        guard case .dictionary(let number) = system.value else { throw Defect("it does not say its byte order") }
        for (key, value) in system.dictionaries[number] {
            if case .text("little_endian") = key, case .boolean(false) = value { throw Defect("its numbers are not little-endian") }
        }
    }

    /// A storage is its number of elements and its elements.
    private static func content(of storage: StridedTensor.Storage, _ key: String, _ cursor: inout ByteCursor) throws -> Range<Int> {
        let count = try cursor.size(UInt64.self)
        guard count == storage.count else {
            throw Defect("its storage \(key.quoted) has \(count) elements where \(storage.count) were expected")
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: storage.dataType.byteCount)
        guard !overflow else { throw Defect("its storage \(key.quoted) is impossibly large") }
        let start = cursor.position
        _ = try cursor.take(bytes)
        return start..<start + bytes
    }
}
